"""Profiles: several people behind one account, each with her choices and what she keeps, opened by her own key.

A key is a star and four to eight digits, or two to four small pictures. Whoever types a wrong one is in the neutral
profile and sees what everybody sees: nothing tells that another profile exists. Pure; keys are kept as hashes only.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import timedelta

from flows.context import Context
from flows.model.session import Profile, SmallSigns
from flows.registry import action, condition

CONSENT_TO_PROFILE = "profile"
NEUTRAL = ""
MOST = 4
"""Profiles of one account, beside the neutral one."""
CLOSES_AFTER = timedelta(minutes=10)
"""A profile is closed after so long without a word: somebody else may hold the phone."""
NEW = "Privacy:new_profile"
"""The state in which a key is chosen."""

_DIGITS = re.compile(r"\* ?([0-9]{4,8})")
_EASY = re.compile(r"(.)\1*")
_ROWS = ("01234567890123456789", "98765432109876543210")


def key_in(text: str) -> str:
    """Return the key that a whole message is, in one form; "" for any other text."""
    digits = _DIGITS.fullmatch(text.strip()[:20])
    return digits[1] if digits else _pictures(text)


def tag(key: str) -> str:
    """The hash under which a profile is found; it lies inside the session, which is sealed under the person's key."""
    return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=16).hexdigest()


def easy(key: str) -> bool:
    """Say whether a key is one that many would try: one sign again and again, or digits in a row."""
    return bool(_EASY.fullmatch(key)) or any(key in row for row in _ROWS)


def is_key(text: str, context: Context) -> bool:
    """Say whether a message is for the profiles: digits after a star always, pictures only where they are a key."""
    key = key_in(text)
    return bool(key) and (key.isdigit() or context.session.state == NEW or tag(key) in context.session.profiles)


@condition()
def profile_key_usable(context: Context) -> bool:
    """What she typed can be the key of a new profile: not easy to guess, and nobody's yet."""
    key = key_in(context.incoming.text)
    taken = tag(key) in (*context.session.profiles, context.session.profile)
    return bool(key) and not easy(key) and not taken and len(context.session.profiles) < MOST


def switch(context: Context, to: str) -> None:
    """Close the open profile and open another; an unknown one is the neutral one."""
    session = context.session
    now = Profile(session.lang, session.kept, session.listening, session.quiet_exit, session.address)
    known = {**session.profiles, session.profile: now}
    to = to if to in known else NEUTRAL
    opened = known.pop(to, Profile(session.lang))
    session.profile, session.profiles = to, known
    session.offered, session.signs, session.misses = None, SmallSigns(), 0
    session.lang, session.kept = opened.lang, opened.kept
    session.listening, session.quiet_exit = opened.listening, opened.quiet_exit
    session.address = opened.address


def close(context: Context) -> None:
    """Go back to the neutral profile."""
    if context.session.profile != NEUTRAL:
        switch(context, NEUTRAL)


def make(context: Context, key: str) -> None:
    """Make a profile of what is open now and go on in it; the neutral one keeps nothing of it."""
    session = context.session
    neutral = Profile(session.lang, {}, False, session.quiet_exit)
    closed = Profile(session.lang, session.kept, session.listening, session.quiet_exit, session.address)
    before = {session.profile: neutral if session.profile == NEUTRAL else closed}
    session.profiles = {**session.profiles, **before}
    if session.profile != NEUTRAL:
        session.kept = {}
    session.profile = tag(key)


def _pictures(text: str) -> str:
    if text.lstrip()[:1].isalnum():  # nearly every message
        return ""
    signs = [sign for sign in text.strip()[:24] if unicodedata.category(sign) not in ("Mn", "Cf", "Zs", "Sk")]
    if 2 <= len(signs) <= 4 and all(unicodedata.category(sign) == "So" for sign in signs):
        return "".join(signs)
    return ""


@action(without_consent="what each profile keeps is changed over and nothing is added")
def open_profile(context: Context) -> None:
    """Open the profile of the key she typed; with a wrong one the neutral profile. The place was somebody's own."""
    switch(context, tag(key_in(context.incoming.text)))
    context.forget_place()


@action(consent=CONSENT_TO_PROFILE)
def make_profile(context: Context) -> None:
    """Make a profile that this key opens, with what was kept so far."""
    make(context, key_in(context.incoming.text))
