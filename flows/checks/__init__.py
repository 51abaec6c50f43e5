"""Checks of the flows: names, paths, consent, rendering, tables."""
