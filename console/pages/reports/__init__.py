"""Pages of the audit, tips and questions for a meeting."""
