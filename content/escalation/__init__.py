"""The escalation policy, as data."""
