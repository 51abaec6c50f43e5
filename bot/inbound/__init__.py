"""The way of a message in: webhook, spool, decoder, pipeline, turn."""
