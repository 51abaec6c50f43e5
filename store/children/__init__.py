"""Children: what is told to the line that must be told of them, and its receipt."""
