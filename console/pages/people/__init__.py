"""Pages of signing in and of the roster."""
