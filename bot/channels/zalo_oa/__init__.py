"""Zalo Official Account: adapter, reader and errors."""
