"""The engine: definitions compiled into one machine, routing, step."""
