"""Her two own words: typed by staff, or by her on a one-time page; only their hashes are kept."""
