"""Outbound messages: sender, accounts, limiters, decryption, delivery."""
