"""The way of a message out: sender, accounts, limiters, delivery."""
