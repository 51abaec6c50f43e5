"""Searching the audit: filters, what its ids are called when it is read, exports by two people."""
