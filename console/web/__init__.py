"""What every page of the console stands on: requests, roles, security, live events, assets."""
