"""Approvals: what waits for a second person, whatever it is about."""
