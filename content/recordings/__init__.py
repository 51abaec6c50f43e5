"""Sound as a first-class translation: what may be recorded, what a recording must be, which languages speak."""
