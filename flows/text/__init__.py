"""Plain operations on text: letters, splitting, invitation codes."""
