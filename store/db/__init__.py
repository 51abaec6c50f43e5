"""The databases: engine, pool, the embedded server."""
