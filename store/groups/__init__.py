"""Groups, their invitations, and who may act for them."""
