"""Dialling forms: a number of Viet Nam as it is dialled inside the country and from anywhere else. Pure.

Who is in Viet Nam reads and dials 0981 84 84 84; who is or may be abroad needs +84 981 84 84 84 (safety rule 4).
"""

from __future__ import annotations

COUNTRY_CODE, TRUNK = "+84", "0"


def national(number: str) -> str:
    """Return a number, written or bare, as it is dialled inside Viet Nam; one of another country as it is."""
    if not number.startswith(COUNTRY_CODE):
        return number
    return TRUNK + number.removeprefix(COUNTRY_CODE).lstrip(" .-")


def dialled(number: str, *, at_home: bool) -> str:
    """Return a number, written or bare, as somebody dials it who is in Viet Nam or, otherwise, may be anywhere."""
    return national(number) if at_home else number


def nationally(text: str, written: tuple[str, ...]) -> str:
    """Return a text in which these numbers, as they are written, stand as they are dialled inside Viet Nam."""
    for number in written:
        text = text.replace(number, national(number))
    return text
