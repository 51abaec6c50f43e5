"""The time zone in which people, staff and texts count hours and days, whatever the server's is."""

from __future__ import annotations

from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""Viet Nam has one zone and no summer time."""
