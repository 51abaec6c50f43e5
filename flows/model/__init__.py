"""Data of a conversation: messages, effects, session, definitions."""
