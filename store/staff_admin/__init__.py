"""Administration of staff: suspension, return and new passphrases, with their sessions, cases and keys."""
