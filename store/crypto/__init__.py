"""Keys and encryption: keyring, field envelopes, HPKE, age files, channel tokens."""
