"""Settings of the service and of paging, read once at start."""
