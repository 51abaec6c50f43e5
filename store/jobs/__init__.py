"""Scheduled items and tasks for people."""
