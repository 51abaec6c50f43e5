"""Groups, their invitations, and the tree of areas."""
