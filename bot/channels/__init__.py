"""One adapter per channel, all with the same surface in the same order (contract.py)."""
