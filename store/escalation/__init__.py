"""Escalations of a case and the pages they send."""
