"""The shape of an invitation code: read aloud, copied from a poster, typed on a cheap phone. Pure."""

from __future__ import annotations

import re

from flows.text.letters import fold

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not taken for one another (no 0, O, 1, I, L)."""
LETTERS = 8
"""Characters after the prefix: 31^8 is some 39.6 bits, with guesses counted per person."""

LONGEST = 120
"""Characters of a message that may be a code with what is polite around it."""

_READ_AS = str.maketrans("0O", "QQ")
"""What is no letter of a code but looks like one."""
_DASHES = "-\u2010-\u2015\u2212_"
_DASH = re.compile(f"[{_DASHES}]")
_BETWEEN = rf"[{_DASHES}. ]{{0,3}}"
_FOUR = f"([{ALPHABET}0O]{{4}})"
_HERSELF = "(?:EM|CHI|MINH|TOI|CHAU|CON|TUI)"
_BEFORE = (
    rf"(?:(?:DA|VANG|U|(?:XIN )?CHAO(?: CHI)?|CHI OI|(?:{_HERSELF} )?(?:CO|GUI|NHAN)|DAY(?: LA| A)?) )*"
    rf"(?:(?:MA|CODE)(?: (?:SO|MOI|THON|NHOM|XA|TO))*(?: (?:CUA )?{_HERSELF})?(?: (?:LA|DAY|NE|NAY))* )?"
)
_AFTER = r"(?: (?:A|NHE|NHA|CHI|EM|CO|ANH|BAC|OI))*"
_START = r"(?:/START(?:@\w{1,64})?\s+)?"
_CODE = rf"NC{_BETWEEN}{_FOUR}{_BETWEEN}{_FOUR}"
_ALONE = re.compile(_START + _CODE)
_POLITE = re.compile(_START + _BEFORE + _CODE + _AFTER)
_NEARLY = re.compile(rf"{_START}{_BEFORE}NC[{_DASHES}]{_BETWEEN}[A-Z0-9](?:{_BETWEEN}[A-Z0-9]){{3,11}}{_AFTER}")
_AMONG_WORDS = re.compile(rf"(?<!\w)NC[{_DASHES}]{_FOUR}[{_DASHES}]{_FOUR}(?!\w)", re.IGNORECASE)
_SIGN = re.compile(rf"[^\w/@{_DASHES}.]+|\.(?=\W|$)|(?<=\W)\.")


def written(letters: str) -> str:
    """Write eight characters as a code: NC-XXXX-XXXX."""
    return f"NC-{letters[:4]}-{letters[4:]}"


def code_in(text: str) -> str:
    """Return the code that a text is, in its one form; "" for anything else.

    It may stand behind /start or /start@bot, and among polite words ("mã của em là … ạ"), signs and small letters.
    """
    if len(text) > LONGEST or "NC" not in text.upper():
        return ""
    return _in_one_form(_POLITE.fullmatch(_plain(text)))


def nearly_code(text: str) -> bool:
    """Say whether a text is a code or was meant as one: a letter is missing or too many, or one that no code has."""
    return bool(code_in(text)) or (len(text) <= LONGEST and _NEARLY.fullmatch(_plain(text)) is not None)


def lone_code(text: str) -> str:
    """The same with nothing around it but a full stop: in a group all else is talk, which is not read."""
    return _in_one_form(_ALONE.fullmatch(text[:LONGEST].strip(" .\n\t").upper()))


def without_codes(text: str) -> str:
    """Return a text without the codes in it that are written as they are printed: the words beside them are hers."""
    return _AMONG_WORDS.sub(" ", text)


def _plain(text: str) -> str:
    return _SIGN.sub(" ", fold(text)).strip().upper()


def _in_one_form(found: re.Match[str] | None) -> str:
    return written((found[1] + found[2]).translate(_READ_AS)) if found else ""


def is_code(text: str) -> bool:
    """Say whether a text is a code and cannot be words: as it is printed, with a hyphen, or behind /start.

    Eight random characters hold "cuu", "SOS" or "113" often enough that one mistyped code in fourteen was taken for
    a cry. Without a hyphen they may be one.
    """
    return (_DASH.search(text) is not None or text.lstrip()[:1] == "/") and bool(code_in(text))
