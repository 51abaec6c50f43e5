"""Referrals of a case to a service."""
