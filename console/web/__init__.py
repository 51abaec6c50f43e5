"""Web basics of every page: requests, roles, security, live events, assets."""
