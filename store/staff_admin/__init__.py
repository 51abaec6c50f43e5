"""Staff who leave, come back or take another passphrase: their sessions end, their cases go on, their keys follow."""
