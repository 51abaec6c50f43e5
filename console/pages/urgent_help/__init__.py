"""Urgent help: called without her yes, by two people, and told to her afterwards."""
