"""Actions, conditions and answers of the flows, by feature."""
