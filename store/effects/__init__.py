"""Effects of a flow, applied in one transaction."""
