"""Pages of a case, the queue and the deadlines."""
