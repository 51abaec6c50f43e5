"""Channel facts: what the channel can and cannot do for this person now, as labels beside the composer. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from console.labels import casework as casework_labels
from content.media.channel_limits import most
from content.schema import Limits
from flows.context import STAFF_HOLD
from store.casework.reachability import ONLY_WHEN_PERSON_WRITES, Reachability

SOON = timedelta(hours=6)
"""From here on a closing window is shown as a warning."""


Weight = Literal["", "warn", "bad"]
_BAD = frozenset({"forced", "blocked", "stopped", "closed"})
_CALM = frozenset({"only_when_she_writes"})


class ChannelFact(msgspec.Struct, frozen=True):
    """One sentence, as a label with its values. `weight`: `bad` when nothing may leave, `warn` when it leaves later."""

    code: str
    label: str
    values: Mapping[str, object] = {}
    weight: Weight = ""

    @property
    def warns(self) -> bool:
        """Whether it changes what she should do now, and stands above the button that sends."""
        return bool(self.weight)


def facts(reach: Reachability, limits: Limits, now: datetime) -> list[ChannelFact]:
    """Say what matters first: whether anything gets there at all, then until when, then what cannot be undone."""
    found = [_reach("forced")] if reach.forced else []
    found += [*_away(reach, limits, now), *_window(reach, limits, now)]
    if reach.console_at is not None and now - reach.console_at < STAFF_HOLD:
        free = {"at": reach.console_at + STAFF_HOLD}
        found.append(ChannelFact("console", casework_labels.CONSOLE_SPOKE, free, "warn"))
    found.append(ChannelFact("length", casework_labels.CHANNEL_LENGTH, {"most": limits.text_max}))
    if limits.delete_hours:
        found.append(ChannelFact("delete", casework_labels.CAN_TAKE_BACK, {"hours": limits.delete_hours}))
    else:
        found.append(ChannelFact("recall", casework_labels.NO_RECALL))
    return found + _along(limits)


def _along(limits: Limits) -> list[ChannelFact]:
    """What may go with an answer."""
    if not limits.photo:
        return []
    said = casework_labels.GOES_ALONG if limits.file else casework_labels.ONLY_A_PHOTO_GOES_ALONG
    values = {
        "formats": ", ".join(one.upper() for one in limits.photo_formats),
        "photo": most(limits.photo_kb) // 1_000_000,
        "file": most(limits.file_kb) // 1_000_000,
    }
    return [ChannelFact("along", said, values)]


def _reach(code: str) -> ChannelFact:
    weight: Weight = "bad" if code in _BAD else "" if code in _CALM else "warn"
    return ChannelFact(code, casework_labels.REACH[code], weight=weight)


def weight_of(found: Sequence[ChannelFact]) -> Weight:
    """The heaviest of these facts: the colour of the chip that stands for all of them."""
    weights = {fact.weight for fact in found}
    return "bad" if "bad" in weights else "warn" if "warn" in weights else ""


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
        kept = [] if reach.is_there(now) else [_reach("kept")]
        return [*kept, _reach("only_when_she_writes")] if reach.contact == ONLY_WHEN_PERSON_WRITES else kept
    return [_reach(code), _reach(_second(reach, code))]


def _second(reach: Reachability, code: str) -> str:
    """Which other way there is, now that nothing gets to her here; what she asked for holds for her number too."""
    if reach.contact == ONLY_WHEN_PERSON_WRITES:
        return "no_second_way"
    if not reach.second:
        return "second_way"
    return "second_rests" if code in ("stopped", "quiet") or reach.forced else "second_number"


def _window(reach: Reachability, limits: Limits, now: datetime) -> list[ChannelFact]:
    closes = closes_at(reach, limits)
    if closes is None or closes <= now:
        return []
    left = closes - now
    return [ChannelFact("window", casework_labels.WINDOW_CLOSES, {"span": left}, "warn" if left <= SOON else "")]
