"""Names for what is shown in a transcript, so that it can be read: a text nobody wrote is shown as it is.

A card is named by its id; one that is read on a shelf by its place (`checks 2`), which may change hands; the list of
a shelf by its page (`list tricks 1`). Computed words: `emergency <place>`, `handoff <place>` (the place only where its
words differ; with what she wrote before it: `emergency self_harm vn`; below the numbers `home numbers & handoff home`),
`numbers <place>`, `union <province>` (`at home`: read by somebody in Viet Nam; `below the numbers <place>`); a
question of a list `check_job 3.`; what explains a quiz question `quiz.men right` or `other`; a result `checker_red:
why.papers; why.fee?` (? = she does not know); what is left of a checklist `left: contract company`. A card as a group
sends it: `news <card>`. With a question below it: `card + question`; a sign above it: `!why.path /
question`; with an offer below or above it: `card /
offer_here`, `offer_unsure / card`; with the line that Hoa Ban has left above it: `relay.left / card`, with the line
of the nudge below it: `card / relay.knock`. Of a language without a voice: `no_voice_yet <language>`; of a card without
one, to who listens: `card / not_spoken_yet`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import product

import msgspec

from content.cards.languages import spoken as spoken_languages
from flows.engine.conversation import Conversation
from flows.features.audio import no_voice
from flows.model.messages import Choice, Outgoing
from flows.rendering.addressing import addressed
from flows.rendering.pagination import numbered
from flows.rendering.phrasing import outgoing as spoken
from flows.rendering.phrasing import read_at_home
from flows.rendering.village_news import as_listeners_see
from flows.tables import QUIZZES
from tests.support.content import library

PREPARED = library().title("leave.prepared")
SLOTTED = {
    "help_number": {"number": "K7M2"},
    "referral.agreed": {"service": "Ngôi nhà Bình yên", "no": "402"},
    "referral.agreed_life": {"no": "402"},
    "referral.declined": {"service": "Ngôi nhà Bình yên"},
    "still_unanswered": {"shift": ""},
    "referral.explained": {"yes": "401", "no": "402"},
    "village_listen": {"title": "Tổ Na Sang"},
    "village_join": {"title": "Tổ Na Sang"},
    "village_joined": {"title": "Tổ Na Sang"},
    **{f"village_{end}": {"title": PREPARED} for end in ("approved", "refused", "stopped", "too_late")},
    "village_sender": {"title": "Tổ Na Sang"},
    "village_subscribed": {"title": "Tổ Na Sang"},
    "recording_invited": {"language": "Tiếng Mông"},
}
"""Cards with slots that the transcripts name, as they are filled there."""
LISTENED = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
"""Wednesday 14:00 in Viet Nam: every line is open."""
PLACES = ("", "vn", "abroad", *(f"abroad:{c}" for c in ("KH", "TW", "LA", "CN", "TH", "MY", "KR", "MM", "RU")))
LANGUAGES = ("en", "vi")


def _own(words: Outgoing) -> tuple[Choice, ...]:
    """Return the answers of a question, without those that stand below every one and the one back to a list."""
    return tuple(choice for choice in numbered(words.choices) if choice.value != "resume")


ABOVE = re.compile(r" right$| other$|\.why$|^before_calling\.")
"""Names of what may stand above a question in the same bubble."""


class Naming:
    """The names of everything a conversation can say."""

    def __init__(self, content: Conversation) -> None:
        self.content = content
        self.tails = {
            content.card(s.choices, lang): s.choices for s in content.states.values() if s.choices for lang in LANGUAGES
        }
        for tail in ("despair_asked", "help_alone_plain"):
            self.tails |= {content.card(tail, lang): tail for lang in LANGUAGES}
        self.names: dict[str, str] = {}
        self.places: dict[str, str] = {}
        for lang in LANGUAGES:
            fixed = self._fixed(lang)
            self._call(fixed, lang, "em")
            self.names |= {read_at_home(words).text: name for name, words in fixed.items()}
            self.names |= {words.text: name for name, words in fixed.items()}
            self.places |= {words.text: name for name, words in self._by_place(lang).items()}

    def _call(self, fixed: Mapping[str, Outgoing], lang: str, called: str) -> None:
        """Enter the words as a child is called, under the same names."""
        for name, words in fixed.items():
            self.names |= {self._as_called(one, lang, called).text: name for one in (read_at_home(words), words)}
        self.tails |= {self._as_called(tail, lang, called): name for tail, name in [*self.tails.items()]}

    def _as_called(self, words: Outgoing, lang: str, called: str) -> Outgoing:
        return addressed(words, self.content.library.tone.address.get(lang), called)

    @staticmethod
    @cache
    def of(content: Conversation) -> Naming:
        """Return the names of a conversation, made once."""
        return Naming(content)

    def named(self, words: Outgoing, now: datetime, also: Mapping[str, str] = {}) -> str:
        """Name what was said; `also` are the names of texts that only this session can say."""
        for lang in LANGUAGES:
            unsure = self.content.card("offer_unsure", lang).text
            for below, called in product(("offer_here", "relay.knock", "not_spoken_yet"), ("", "em")):
                line = f"\n\n{self._as_called(self.content.card(below, lang), lang, called).text}"
                if words.text.endswith(line):
                    rest = msgspec.structs.replace(words, text=words.text.removesuffix(line))
                    return f"{self.named(rest, now, also)} / {below}"
            left = self.content.library.say("relay.left", lang, alias="Hoa Ban").text
            if words.text.startswith(f"{left}\n\n"):
                rest = msgspec.structs.replace(words, text=words.text.removeprefix(f"{left}\n\n"))
                return f"relay.left / {self.named(rest, now, also)}"
            if words.text.startswith(f"{unsure}\n\n"):
                rest = msgspec.structs.replace(words, text=words.text.removeprefix(f"{unsure}\n\n"))
                return f"offer_unsure / {self.named(rest, now, also)}"
        above, _, below = words.text.partition("\n\n")
        if below and not words.inline and ABOVE.search(self.names.get(above, "")):
            return f"{self.names[above]} / {self.named(msgspec.structs.replace(words, text=below), now, also)}"
        if words.inline:
            tail = words.cards[-1]
            above, _, told = words.text.rpartition("\n\n")
            named = f"{self._told(told, now)} + {tail}"
            return f"{self._sign(above)} / {named}" if above else named
        for tail, name in self.tails.items():
            if _own(words) == tail.choices and words.text.endswith(f"\n\n{tail.text}"):
                told = words.text.removesuffix(f"\n\n{tail.text}")
                if name == "topic_next" and told in self.places:
                    return f"{self.places[told]} + {name}"
                known = also.get(told) or self._told(told, now)
                return words.text if known == told else f"{known} + {name}"
        return also.get(words.text) or self._told(words.text, now)

    def _sign(self, text: str) -> str:
        """Name a sign told above the next question: `!why.path` where it is said to be enough, else the reason."""
        for lang in LANGUAGES:
            for name in self.content.shelf("checker_why"):
                reason = self.content.card(name, lang).text
                if text == self.content.library.say("checker_careful", lang, reason=reason).text:
                    return f"!{name}"
        return self.names.get(text, text)

    def _told(self, text: str, now: datetime) -> str:
        named = self.names.get(text) or self._handoff(text, now) or self._left(text) or self._result(text)
        return named or self._news(text) or text

    def _news(self, text: str) -> str:
        """Name a card as a group sends it, above what is said of it to the member who would send it."""
        news, _, about = text.partition("\n\n")
        return f"{self.names[news]}: {about}" if about and self.names.get(news, "").startswith("news ") else ""

    def _fixed(self, lang: str) -> dict[str, Outgoing]:
        content = self.content
        library = content.library
        found = {f"emergency {p}".strip(): content.emergency(p, lang) for p in PLACES}
        found |= {f"numbers child {p}".strip(): content.numbers(p, lang, "child") for p in PLACES}
        found |= {f"numbers {p}".strip(): content.numbers(p, lang) for p in PLACES}
        for card in ("danger_letters", "danger_first", "help_heard"):
            found |= {f"{card} numbers {p}".strip(): content.numbers_below(card, p, lang) for p in PLACES}
        for one, p, when in product(library.situations, PLACES, (LISTENED, None)):
            known = " now" if when else ""
            found.setdefault(f"emergency {one} {p}".strip() + known, content.emergency(p, lang, one, when))
            found.setdefault(f"{one} numbers {p}".strip() + known, content.numbers_below("", p, lang, one, when))
        plain = [card for card in library.cards if not library.card(card, lang).slots and content.library.has(card)]
        found |= {card: content.card(card, lang) for card in plain}
        found |= {f"union {p}": content.union(p, lang) for p in library.areas.provinces}
        found |= {f"union {p} at home": content.union(p, lang, "vn") for p in library.areas.provinces}
        for p, place, above in product(library.areas.provinces, ("vn", ""), ("vn", "")):
            told = " ".join(("union", p, *(("at home",) if place else ()), "below the numbers", above)).strip()
            found.setdefault(told, content.union(p, lang, place, above))
        found |= {card: spoken(library.say(card, lang, **slots)) for card, slots in SLOTTED.items()}
        for card in (name for shelf in library.shelves for name in content.shelf(shelf)):
            found[f"news {card}"] = as_listeners_see(library, card, "Tổ Na Sang", lang)
        for code in spoken_languages(library.languages):
            found[f"no_voice_yet {code}"] = no_voice(content, code, lang)
        for shelf in library.shelves:
            for page in range(content.pages(shelf)):
                found[f"list {shelf} {page + 1}"] = content.listing(shelf, page, "shelf_next", lang)
        lists = sorted({state.topic for state in content.states.values() if state.tell == "question"})
        for topic in lists:
            for number in range(len(content.shelf(topic))):
                found[f"{topic} {number + 1}."] = content.question(topic, number, lang)
        for quiz in QUIZZES:
            for number, card in enumerate(content.shelf(quiz)):
                right = QUIZZES[quiz].right[card]
                found[f"{card} right"] = content.explained(quiz, number, right, lang)
                found[f"{card} other"] = content.explained(quiz, number, "no" if right == "yes" else "yes", lang)
        return found

    def _by_place(self, lang: str) -> dict[str, Outgoing]:
        shelves = {shelf: self.content.shelf(shelf) for shelf in self.content.library.shelves}
        return {
            f"{t} {n}": self.content.card(card, lang) for t, shelf in shelves.items() for n, card in enumerate(shelf, 1)
        }

    def _handoff(self, text: str, now: datetime) -> str:
        for lang, place, one, called in product(LANGUAGES, PLACES, ("", *self.content.library.situations), ("", "em")):
            told = self._as_called(self.content.handoff(place, lang, now, one), lang, called).text
            known = f"handoff {one} {place}"
            if text.endswith(told):
                numbers = self.names.get(text.removesuffix(told).removesuffix("\n"), "")
                named = " ".join(known.split())
                return named if text == told else f"{numbers} & {named}" if numbers else ""
        return ""

    def _left(self, text: str) -> str:
        for lang in LANGUAGES:
            items = self.content.shelf("checklist")
            head = self.content.library.say("checklist_left", lang, lines="").text
            if text.startswith(head):
                lines = text.removeprefix(head).splitlines()
                short = {f"– {self.content.card(f'{item}.short', lang).text}": item for item in items}
                return "left: " + " ".join(short[line].removeprefix("checklist.") for line in lines)
        return ""

    def _result(self, text: str) -> str:
        parts = text.split("\n\n")
        name = self.names.get(parts[0], "")
        if not name.startswith("checker_") or len(parts) == 1:
            return ""
        reasons = []
        for part in parts[1:]:
            heading, *lines = part.splitlines()
            known = [self.names[line.removeprefix("– ")] for line in lines]
            unsure = heading in {
                self.content.library.say("checker_unsure", lang, lines="").text.strip() for lang in LANGUAGES
            }
            reasons += [f"{card}?" if unsure else card for card in known]
        return f"{name}: {'; '.join(reasons)}"
