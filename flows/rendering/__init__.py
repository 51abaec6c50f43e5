"""What is said, made fit for a channel."""
