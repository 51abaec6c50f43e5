"""Tips, and questions for a meeting."""
