"""Routes of the stand-ins, by platform."""
