"""Which browser the tests look through: Debian's headless shell where it is, otherwise the whole Chromium."""

from __future__ import annotations

import shutil

import pytest

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def found() -> str:
    """Return the browser's path; skip the test where there is none."""
    path = next((path for name in NAMES if (path := shutil.which(name))), None)
    if path is None:
        pytest.skip("Chromium is not installed: run `sh tests/browser/install_chromium.sh`")
    return path
