"""Corrections of a case by hand: its level, and what is known of its person."""
