"""Pages of a case and the queue."""
