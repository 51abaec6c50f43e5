"""Phrasing: cards, numbers of a place and the hand-off as messages, each made once."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from content.cards.templates import FilledTemplate
from content.directory.dialling import national, nationally
from content.directory.numbers import ABROAD, emergency_lines, is_home, known_place
from content.directory.situations import lead_card
from content.directory.unions import union_lines
from content.library import Library
from flows.model.messages import Choice, Contact, Outgoing
from flows.tables import DIGITS, QUIZZES, explanation, labels_of

COUNTRIES = "services_country"
"""The card whose choices name the countries."""
MOST_REASONS, MOST_ASKED = 6, 2
"""How many reasons, and how many questions to ask again, are read; the heaviest come first."""

TITLES_PER_PAGE = 5
"""With the four choices below them a page has nine, numbered by one digit; a list of one page has room for six."""


class Phrasing:
    """What can be said, as `Outgoing`; a card without slots is turned into a message only once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._cards: dict[tuple[str, str, str], Outgoing] = {}
        self._edition = library.edition
        self._emergency: dict[str, Outgoing] = {}
        self._shelves: dict[str, tuple[str, ...]] = {}

    def card(self, card_id: str, lang: str, digest: str = "") -> Outgoing:
        """Return a card without slots as a message; KeyError names an unknown card.

        `digest` asks for the words that have this mark, where they are still known.
        """
        self._follow_recalls()
        found = self._cards.get((card_id, lang, digest))
        if found is None:
            found = self._cards[card_id, lang, digest] = outgoing(self.library.say(card_id, lang, digest))
        return found

    def fixed_answers(self, state: str, lang: str) -> tuple[Choice, ...]:
        """Return the answers with a digit of their own under the labels that they have in a state."""
        known = self.card(labels_of(state), lang).choices
        return tuple([Choice(choice.label, choice.value, choice.style, DIGITS[choice.value]) for choice in known])

    def listing(self, shelf: str, page: int, tail: str, lang: str) -> Outgoing:
        """Return one page of a shelf's list: every title a choice, then the choices of the card `tail`."""
        cards, last = self.shelf(shelf), self.card(tail, lang)
        pages = self.pages(shelf)
        size = TITLES_PER_PAGE if pages > 1 else TITLES_PER_PAGE + 1
        at = page % pages * size
        titles = [Choice(self.library.title(name, lang), name) for name in cards[at : at + size]]
        others = [choice for choice in last.choices if choice.value != "page" or page % pages < pages - 1]
        head = self.library.label(shelf, lang)
        label = f"{head} ({page % pages + 1}/{pages})" if pages > 1 else head
        return msgspec.structs.replace(last, text=f"{label}. {last.text}", choices=(*titles, *others))

    def pages(self, shelf: str) -> int:
        """Return how many pages a shelf's list has, at least 1."""
        titles = len(self.shelf(shelf))
        return -(-titles // TITLES_PER_PAGE) if titles > TITLES_PER_PAGE + 1 else 1

    def _follow_recalls(self) -> None:
        """Forget what was made before cards were withdrawn or put back."""
        if self._edition != self.library.edition:
            self._edition = self.library.edition
            self._cards.clear()
            self._shelves.clear()
            self._emergency.clear()

    def shelf(self, topic: str) -> tuple[str, ...]:
        """Return the card ids of one shelf in reading order."""
        self._follow_recalls()
        if topic not in self._shelves:
            self._shelves[topic] = self.library.shelf(topic)
        return self._shelves[topic]

    def version(self, card_id: str, lang: str) -> str:
        """Return which text she saw, as a consent record names it: card, language, version."""
        card = self.library.card(card_id, lang)
        return f"{card_id}.{card.lang}.{card.version}"

    def emergency(self, place: str, lang: str, situation: str = "", now: datetime | None = None) -> Outgoing:
        """Return the numbers card fit for `place` and what she wrote, which says that it is kept; it asks nothing.

        A line that belongs to the situation alone is named while somebody answers there at `now` (aware).
        """
        filled = self.library.emergency(place, lang, situation, now)
        found = self._emergency.get(filled.text)
        if found is None:
            found = self._emergency[filled.text] = asking_nothing(outgoing(filled))
        return found

    def numbers(self, place: str, lang: str, situation: str = "", now: datetime | None = None) -> Outgoing:
        """Return the numbers fit for `place` under its name, and nothing else: no case is open, nothing is promised.

        What fits the `situation` stands first.
        """
        known = known_place(place, self.library.services)
        first = self.library.numbers_first(known, situation, now)
        spoken = emergency_lines(self.library.say, self.library.services, known, lang, first)
        card = "services_" + ("unknown" if known == "" else known.partition(":")[0])
        named = {"place": self.country(place, lang)} if known.startswith(ABROAD) else {}
        filled = self.library.say(card, lang, **spoken.slots, **named)
        phones = tuple(dict.fromkeys((*spoken.phones, *filled.phones)))
        return msgspec.structs.replace(outgoing(filled), phones=phones)

    def numbers_below(
        self, card_id: str, place: str, lang: str, situation: str = "", now: datetime | None = None
    ) -> Outgoing:
        """Return the numbers fit for `place` and what she wrote below the sentence of a card.

        Where a situation was heard its own sentence stands there.
        """
        sentence = self.card(lead_card(situation) if situation else card_id, lang)
        numbers = self.numbers(place, lang, situation, now)
        cards = (*sentence.cards, *numbers.cards)
        return msgspec.structs.replace(numbers, text=f"{sentence.text}\n{numbers.text}", cards=cards)

    def country(self, place: str, lang: str) -> str:
        """Return the name of the country of a place abroad, as it is chosen from the list; "another country" of any."""
        code = place.partition(":")[2].lower()
        named = {choice.value: choice.label for choice in self.card(COUNTRIES, lang).choices}
        return named.get(code) or self.card("fragment.elsewhere", lang).text

    def union(self, province: str, lang: str, place: str = "", above: str | None = None) -> Outgoing:
        """Return the Women's Union of a province: its number once it was confirmed, and who else answers there.

        `place` is where she is: only who surely is in Viet Nam is spared the number for abroad. The numbers of the
        place `above` stand on her screen and are not said again.
        """
        library = self.library
        read = frozenset(self.numbers(above, lang).phones) if above is not None else frozenset()
        spoken = union_lines(library.services, library.say, province, lang, place, read)
        filled = library.say(spoken.card, lang, **spoken.slots)
        phones = tuple(dict.fromkeys((*spoken.phones, *filled.phones)))
        told = msgspec.structs.replace(outgoing(filled), phones=phones)
        return told if is_home(place) or not phones else framed(told, None, self.card("union_abroad", lang), apart="\n")

    def handoff(
        self, place: str, lang: str, now: datetime, situation: str = "", shift: datetime | None = None
    ) -> Outgoing:
        """Return the hotline that answers where she is at `now` (aware); it asks nothing.

        `shift` is when somebody of ours is on duty next, as far as the roster knows it.
        """
        return asking_nothing(outgoing(self.library.handoff(place, lang, now, situation, shift)))

    def unanswered(self, place: str, lang: str, now: datetime, situation: str = "") -> Outgoing:
        """Return the truth that nobody has taken her case yet, and who answers where she is; it asks nothing."""
        return asking_nothing(outgoing(self.library.unanswered(place, lang, now, situation)))

    def about_people(self, count: int, lang: str) -> str:
        """Tell a number of people rounded to tens; an exact count would be an oracle (safety rule 13)."""
        if count < 10:
            return self.library.say("fragment.people.few", lang).text
        return self.library.say("fragment.people.about", lang, count=str(count // 10 * 10)).text

    def question(self, shelf: str, number: int, lang: str) -> Outgoing:
        """Return one question of a list with its place in it, from 1; past the end, the last one."""
        cards = self.shelf(shelf)
        place = min(number, len(cards) - 1)
        card = self.card(cards[place], lang)
        return msgspec.structs.replace(card, text=f"{place + 1}/{len(cards)}. {card.text}")

    def result(self, card_id: str, because: tuple[str, ...], unsure: tuple[str, ...], lang: str) -> Outgoing:
        """Return a checker's result with the cards of its heaviest reasons as lines below it."""
        parts = [self.card(card_id, lang).text]
        for heading, cards in (("checker_because", because[:MOST_REASONS]), ("checker_unsure", unsure[:MOST_ASKED])):
            lines = "\n".join(f"– {self.card(card, lang).text}" for card in cards)
            if lines:
                parts.append(self.library.say(heading, lang, lines=lines).text)
        return Outgoing("\n\n".join(parts), cards=(card_id,))

    def left_to_do(self, shelf: str, ticks: str, lang: str) -> Outgoing:
        """Return the short names of the things on a list that are not ticked (`d`); or that all are done."""
        items = self.shelf(shelf)
        left = [item for item, tick in zip(items, ticks.ljust(len(items)), strict=False) if tick != "d"]
        if not left:
            return self.card(f"{shelf}_all_done", lang)
        lines = "\n".join(f"– {self.card(f'{item}.short', lang).text}" for item in left)
        return outgoing(self.library.say(f"{shelf}_left", lang, lines=lines))

    def explained(self, shelf: str, number: int, guess: str, lang: str) -> Outgoing:
        """Return the explanation of a quiz question, told whether `guess` (yes, no or anything else) was right."""
        cards = self.shelf(shelf)
        asked = cards[min(number, len(cards) - 1)]
        why = self.card(explanation(asked), lang)
        if guess not in ("yes", "no"):
            return why
        lead = "quiz_right" if guess == QUIZZES[shelf].right[asked] else "quiz_other"
        return msgspec.structs.replace(why, text=f"{self.card(lead, lang).text} {why.text}")

    def joined(self, told: Outgoing, tail: Outgoing | None, *, inline: bool = False) -> Outgoing:
        """Return `told` with the question and the choices of another card below it; `inline`: the choices alone."""
        if tail is None:
            return told
        cards = (*told.cards, *tail.cards)
        if inline:
            return msgspec.structs.replace(told, choices=tail.choices, cards=cards, inline=True)
        return msgspec.structs.replace(told, text=f"{told.text}\n\n{tail.text}", choices=tail.choices, cards=cards)


def outgoing(filled: FilledTemplate) -> Outgoing:
    """Turn a filled card into a message of the flows."""
    return Outgoing(
        text=filled.text,
        choices=tuple(Choice(label, value, _style(style)) for label, value, style in filled.choices),
        phones=filled.phones,
        protect=filled.protect,
        neutral=filled.neutral,
        cards=(filled.card,) if filled.card else (),
        contacts=tuple(Contact(number, name) for number, name in filled.contacts),
        dialled=filled.dialled,
    )


def read_at_home(message: Outgoing) -> Outgoing:
    """Return a message as somebody in Viet Nam reads it: its numbers as they are dialled there, none of them lost."""
    if not message.dialled:
        return message
    text = nationally(message.text, message.dialled)
    bare = {"".join(filter(str.isdigit, number)) for number in message.dialled}
    phones = tuple(national(phone) if phone.removeprefix("+") in bare else phone for phone in message.phones)
    return msgspec.structs.replace(message, text=text, phones=phones, dialled=())


def framed(question: Outgoing, above: Outgoing | None, below: Outgoing | None, apart: str = "\n\n") -> Outgoing:
    """Return a question with other words above and below it in the same bubble; its answers stay the last."""
    parts = [part for part in (above, question, below) if part is not None]
    if len(parts) == 1:
        return question
    return msgspec.structs.replace(
        question,
        text=apart.join(part.text for part in parts),
        phones=tuple(dict.fromkeys(phone for part in parts for phone in part.phones)),
        cards=tuple(card for part in parts for card in part.cards),
        contacts=tuple(contact for part in parts for contact in part.contacts),
        dialled=tuple(dict.fromkeys(number for part in parts for number in part.dialled)),
        protect=any(part.protect for part in parts),
        neutral=all(part.neutral for part in parts),
    )


def asking_nothing(message: Outgoing) -> Outgoing:
    """Return a message without its choices."""
    return msgspec.structs.replace(message, choices=()) if message.choices else message


def _style(style: str) -> Literal["", "good", "danger"]:
    return "good" if style == "good" else "danger" if style == "danger" else ""
