"""Work of staff on a case: queue, assignment, replies, drafts, progress."""
