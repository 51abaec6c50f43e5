"""Channels: one adapter per platform, all with the same surface (base.py)."""
