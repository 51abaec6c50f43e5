"""Another number she may be called on: whether what she typed holds one. Pure; nothing of it is kept here."""

from __future__ import annotations

import re

from flows.context import Context

MOST = 80
"""Letters of a number with the hours beside it."""
_PHONE = re.compile(r"(?<!\d)\+?\d(?:[ .()-]{0,2}\d){7,14}(?!\d)")
"""A number of 8 to 15 digits (ITU-T E.164), as it is written."""


def number_typed(context: Context) -> bool:
    """What she typed holds a telephone number, and little else."""
    text = context.incoming.text.strip()
    return len(text) <= MOST and bool(_PHONE.search(text))
