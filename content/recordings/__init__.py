"""Recordings that ship: their index, and what a recording must be."""
