"""Inbound messages: webhook, spool, decoder, pipeline, turn, backlog."""
