"""Pages of groups, cards for broadcasts, and broadcasts."""
