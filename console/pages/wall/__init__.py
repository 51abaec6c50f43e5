"""The wall of the shift."""
