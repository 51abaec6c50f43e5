"""What the conversation does: flows, the step, understanding of typed Vietnamese, rendering for a channel."""
