"""Monitoring: health, readiness, and metrics that name nobody."""
