"""Forgetting, retention and sweeps."""
