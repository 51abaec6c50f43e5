"""What staff see: pages, the live queue, answers to people."""
