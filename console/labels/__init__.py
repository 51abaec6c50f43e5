"""What the codes of the store are called on a page, a module a feature; templates read `labels.<module>.<NAME>`.

English is the message id; the catalogues translate.
"""

from __future__ import annotations


def n_(message: str) -> str:
    """Mark a text for the catalogue; it is translated where it is shown."""
    return message
