"""Answers while the database is away, and the static texts of the platforms."""
