"""Pages of recordings and recalled cards."""
