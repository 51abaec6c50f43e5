"""Zalo Bot Platform: adapter, reader and errors."""
