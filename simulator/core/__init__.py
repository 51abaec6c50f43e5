"""What every stand-in stands on: clock, faults, files, ids, log."""
