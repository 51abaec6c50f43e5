"""Pages of check-in plans and tasks."""
