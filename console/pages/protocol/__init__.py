"""The protocol of a case on its page."""
