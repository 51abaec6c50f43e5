"""What a person or a counsellor may attach to a message: known by its first bytes, and taken out of its container."""
