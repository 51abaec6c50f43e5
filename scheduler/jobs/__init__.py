"""Jobs of the scheduler: due items, escalation, on-call, drills, deferred effects."""
