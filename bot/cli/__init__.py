"""The composition roots: the only modules that may see every room."""
