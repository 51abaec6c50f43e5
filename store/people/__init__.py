"""People who write: addresses, sessions, consents."""
