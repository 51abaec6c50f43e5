"""Recordings of cards: speakers, review, links."""
