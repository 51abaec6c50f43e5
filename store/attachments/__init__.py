"""Attachments of a case: kept sealed, viewed, sent."""
