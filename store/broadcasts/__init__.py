"""Broadcasts: proposal, approval, fan-out, recalls, review gates."""
