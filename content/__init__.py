"""What is said: cards, services, lexicons and the channels' limits, as reviewed data."""
