"""Urgent help: help that is called without her yes, by two people, and told to her afterwards."""
