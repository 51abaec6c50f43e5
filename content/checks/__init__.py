"""Checks of the content: every mistake named with file, line and remedy."""
