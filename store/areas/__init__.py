"""Areas: the tree of administrative units, and scopes, which name the part of it that somebody acts for."""
