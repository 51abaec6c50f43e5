"""What happens later, and what may leave when."""
