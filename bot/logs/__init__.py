"""Structured logs that fail closed, and their redaction."""
