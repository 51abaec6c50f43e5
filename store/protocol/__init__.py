"""The protocol of a case: which of its steps are done."""
