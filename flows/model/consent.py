"""Consent: what a person can be asked to agree to, and which effects may only follow such a yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from flows.model import effects

PURPOSES: Mapping[str, str] = {
    "C2": "the people of her case read what she tells",
    "C3": "one service is told a word about her",
    "C4": "check-ins: her hours, her code word and her answers",
    "C5": "another number to be called on, or two words of her own",
    "C9": "the news of a group, or a place in it",
    "closing": "whether a talk with a human helped, counted without her",
    "checklist": "her ticks on the list of things to do before she goes",
    "dialogue": "a question for a meeting",
    "profile": "a profile of her own behind a shared account",
    "recording": "her voice, reading cards aloud",
    "tip": "what she has seen",
}
"""What a state's `consent` asks for and an action's rests on; C1-C10 are numbered by the domain protocol."""

KEEPS_NOTHING: frozenset[type] = frozenset(
    {
        *(effects.Say, effects.Silence, effects.Reachable, effects.ReleaseKept),
        *(effects.Unreachable, effects.OpenTask),
        *(effects.OpenCheckIn, effects.EndCheckIn, effects.ChangePlan),
        *(effects.EndNews, effects.LeaveVillage, effects.TakeVoiceBack, effects.CleanChat, effects.Forget),
        *(effects.ToldLeft, effects.ShowAnswers),
        *(effects.OpenCase, effects.RaiseLevel, effects.AddToCase, effects.NoteOnCase, effects.Later),
    }
)
"""Effects that speak, let go, or change what is kept already; what danger opens is kept unasked (safety rule 2).

Every other effect keeps something of a person, one that is new as well.
"""

KEEPS: frozenset[type] = frozenset(get_args(effects.Effect)) - KEEPS_NOTHING
"""Effects that store something of a person for good."""

REMEMBERED = frozenset({"kept", "words", "profiles"})
"""Fields of a session that outlast a talk because she asked for it."""
