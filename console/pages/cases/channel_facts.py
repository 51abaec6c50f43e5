"""Channel facts: what the channel can and cannot do for this person now, as sentences beside the composer. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from console.labels import casework as casework_labels
from console.web.i18n import Localization
from content.media.channel_limits import most
from content.schema import Limits
from flows.context import STAFF_HOLD
from store.casework.reachability import ONLY_WHEN_PERSON_WRITES, Reachability

SOON = timedelta(hours=6)
"""From here on a closing window is shown as a warning."""


class ChannelFact(msgspec.Struct, frozen=True):
    """One sentence; `warns` when it changes what she should do now."""

    code: str
    said: str
    warns: bool = False


def facts(l10n: Localization, reach: Reachability, limits: Limits, now: datetime) -> list[ChannelFact]:
    """Say what matters first: whether anything gets there at all, then until when, then what cannot be undone."""
    found = [ChannelFact("forced", "", warns=True)] if reach.forced else []
    found += [*_away(reach, limits, now), *_window(l10n, reach, limits, now)]
    if reach.console_at is not None and now - reach.console_at < STAFF_HOLD:
        at = l10n.clock(reach.console_at + STAFF_HOLD, now)
        found.append(ChannelFact("console", l10n.gettext(casework_labels.CONSOLE_SPOKE) % {"at": at}, warns=True))
    longest = l10n.number(limits.text_max)
    found.append(ChannelFact("length", l10n.gettext(casework_labels.CHANNEL_LENGTH) % {"most": longest}))
    undone = casework_labels.CAN_TAKE_BACK if limits.delete_hours else casework_labels.NO_RECALL
    found.append(ChannelFact("recall", l10n.gettext(undone) % {"hours": limits.delete_hours}))
    found += _along(l10n, limits)
    return [fact if fact.said else _worded(l10n, fact) for fact in found]


def _along(l10n: Localization, limits: Limits) -> list[ChannelFact]:
    """What may go with an answer."""
    if not limits.photo:
        return []
    said = casework_labels.GOES_ALONG if limits.file else casework_labels.ONLY_A_PHOTO_GOES_ALONG
    values = {
        "formats": ", ".join(one.upper() for one in limits.photo_formats),
        "photo": l10n.number(most(limits.photo_kb) // 1_000_000),
        "file": l10n.number(most(limits.file_kb) // 1_000_000),
    }
    return [ChannelFact("along", l10n.gettext(said) % values)]


def _worded(l10n: Localization, fact: ChannelFact) -> ChannelFact:
    return msgspec.structs.replace(fact, said=l10n.gettext(casework_labels.REACH[fact.code]))


def closes_at(reach: Reachability, limits: Limits) -> datetime | None:
    """When the channel stops carrying answers unless she writes again; None when it never does."""
    if not limits.window_hours or reach.last_in_at is None:
        return None
    return reach.last_in_at + timedelta(hours=limits.window_hours)


def _away(reach: Reachability, limits: Limits, now: datetime) -> list[ChannelFact]:
    """Why nothing gets to her, if nothing does, and by which other way she agreed to be reached."""
    closes = closes_at(reach, limits)
    shut = (
        ("blocked", not reach.reachable),
        ("stopped", reach.stopped),
        ("closed", closes is not None and closes <= now),
        ("quiet", reach.is_quiet(now)),
    )
    code = next((code for code, holds in shut if holds), "")
    if not code:
        return [ChannelFact("only_when_she_writes", "")] if reach.contact == ONLY_WHEN_PERSON_WRITES else []
    return [ChannelFact(code, "", warns=True), ChannelFact(_second(reach, code), "", warns=True)]


def _second(reach: Reachability, code: str) -> str:
    """Which other way there is, now that nothing gets to her here; what she asked for holds for her number too."""
    if reach.contact == ONLY_WHEN_PERSON_WRITES:
        return "no_second_way"
    if not reach.second:
        return "second_way"
    return "second_rests" if code in ("stopped", "quiet") or reach.forced else "second_number"


def _window(l10n: Localization, reach: Reachability, limits: Limits, now: datetime) -> list[ChannelFact]:
    closes = closes_at(reach, limits)
    if closes is None or closes <= now:
        return []
    left = closes - now
    return [
        ChannelFact(
            "window", l10n.gettext(casework_labels.WINDOW_CLOSES) % {"span": l10n.span(left)}, warns=left <= SOON
        )
    ]
