"""Attachments, voice notes and public links: fetched, taken apart, served."""
