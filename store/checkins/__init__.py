"""Check-in plans and check-ins."""
