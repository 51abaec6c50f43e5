"""Pages of a child's case: its order, the report and its receipt, Form 01."""
