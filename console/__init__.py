"""What staff see: pages, live queue, relay."""
