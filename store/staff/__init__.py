"""Staff: roles, sign-in, what each may do, roster, contacts."""
