"""Backup and restore: encrypted dumps, manifest, PostgreSQL's own programs."""
