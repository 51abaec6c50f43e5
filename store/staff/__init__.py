"""Staff: roles, sign-in, scopes, roster, contacts, offboarding."""
