"""Whether the house lives and works: health, readiness, and figures about it that name nobody."""
