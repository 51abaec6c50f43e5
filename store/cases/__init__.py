"""Cases: tables, keys, readers, rekeying, inbound lines, notes."""
