"""Stand-ins for Telegram and Zalo on loopback, and the phones that talk through them. Imports nothing of ours."""
