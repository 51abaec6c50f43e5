"""The domain: what is kept and done. Each folder owns its tables and its operations."""
