"""The zone in which hours and days are counted is written once."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("content", "flows", "store", "scheduler", "bot", "console")


def test_the_zone_of_viet_nam_stands_in_one_module() -> None:
    """Whoever needs it imports it; the simulator, which imports nothing of ours, has its own."""
    files = [file for room in (*ROOMS, "tests") for file in (ROOT / room).rglob("*.py")]
    wanted = f'ZoneInfo("{"Asia"}/Ho_Chi_Minh")'
    assert [str(file.relative_to(ROOT)) for file in files if wanted in file.read_text("utf-8")] == ["content/zone.py"]
