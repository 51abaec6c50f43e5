"""Rendering: messages made fit for a channel."""
