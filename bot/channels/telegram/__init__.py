"""Telegram: adapter, reader, polling and payloads over the Bot API."""
