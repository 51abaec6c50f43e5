"""What is kept and done: each slice owns its tables and its operations."""
