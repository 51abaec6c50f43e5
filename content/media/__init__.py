"""Media formats: files known by their first bytes and taken out of their containers."""
