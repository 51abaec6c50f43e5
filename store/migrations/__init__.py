"""The schema's history, one folder per database."""
