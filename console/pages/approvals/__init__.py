"""The page of approvals: what waits for the visitor as a second person."""
