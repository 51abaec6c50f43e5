"""Inbox, ledger and lanes: the hot path of messages."""
