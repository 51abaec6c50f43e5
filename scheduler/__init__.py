"""What happens later, and what may leave when: clock, ticks, jobs, the send gate."""
