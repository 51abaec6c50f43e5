"""Pictures: an album is one message, and what was asked about goes to the people of the case that opens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, OpenCase
from flows.model.facts import CaseSeen
from flows.model.messages import Incoming
from tests.flows.standings import BESIDE_HUMAN, NOW, Standing, everywhere, said, standing, take, type_

MENU = "Menu:menu"


def picture(number: int, text: str = "", album: str = "a1", kind: str = "image") -> Incoming:
    """One message of an album."""
    return Incoming(kind, NOW, text=text, media=f"m{number}", message_id=str(number), album=album)  # type: ignore[arg-type]


def send(content: Conversation, her: Standing, *pictures: Incoming) -> tuple[Standing, list[list[object]]]:
    """Let her send these, one after the other; returns what came of each."""
    came: list[list[object]] = []
    for one in pictures:
        her, effects = take(content, her, one)
        came.append(list(effects))
    return her, came


def handed(effects: list[object]) -> list[str]:
    """What of all this goes to the people of her case as files."""
    return [effect.media for effect in effects if isinstance(effect, AddToCase) and effect.media]


@pytest.mark.parametrize("kind", ["image", "file"])
def test_an_album_is_answered_once(kind: str, content: Conversation) -> None:
    """Wherever she stands: what its first picture is answered with stands, the others say nothing and open nothing."""
    for her in everywhere(content, None):
        first, _ = take(content, her, picture(1))
        last, came = send(content, first, *(picture(n, kind=kind) for n in (2, 3, 4)))
        assert (last.session.state, last.session.prompt) == (first.session.state, first.session.prompt)
        assert last.facts.case == first.facts.case
        assert came == [[AddToCase("", f"m{n}")] if first.facts.case else [] for n in (2, 3, 4)], her.session.state


def test_every_picture_of_an_album_goes_to_the_people_of_her_case(content: Conversation) -> None:
    """Each once, with a human beside her and without."""
    for her in everywhere(content, CaseSeen("c1", "K7M2", 3), BESIDE_HUMAN):
        if her.session.state.startswith("Youth:"):
            continue
        _, came = send(content, her, *(picture(n) for n in (1, 2, 3)))
        assert handed([effect for effects in came for effect in effects]) == ["m1", "m2", "m3"], her.session.state


def test_words_below_a_later_picture_of_an_album_are_heard(content: Conversation) -> None:
    """A cry there is a cry, and the pictures before it go to its people."""
    _, (_, cried, after) = send(
        content, standing(content, MENU), picture(1), picture(2, "cứu em với, em bị nhốt"), picture(3)
    )
    assert [effect.level for effect in cried if isinstance(effect, OpenCase)] == [3]
    assert handed(cried) == ["m2", "m1"]
    assert handed(after) == ["m3"]


def test_two_albums_are_two_messages(content: Conversation) -> None:
    """As two pictures that she sends one by one: who goes on sending them at the question is for a human."""
    for album in ("a2", ""):
        first = picture(1, album=album and "a1")
        _, (_, again) = send(content, standing(content, MENU), first, picture(2, album=album))
        assert [effect.level for effect in again if isinstance(effect, OpenCase)] == [2]
        assert sorted(handed(again)) == ["m1", "m2"]


@pytest.mark.parametrize("answer", ["1", "có nguy hiểm", "3", "cứu em với", "có, chồng em đánh em"])
def test_pictures_go_with_the_case_that_the_question_about_them_opens(answer: str, content: Conversation) -> None:
    """After it opened, as what they were, each once."""
    her, _ = send(content, standing(content, MENU), picture(1), picture(2, kind="file"))
    after, effects = type_(content, her, answer)
    kinds = [type(effect) for effect in effects]
    [*_, image, file] = [effect for effect in effects if isinstance(effect, AddToCase)]
    assert ((image.kind, image.media), (file.kind, file.media)) == (("image", "m1"), ("file", "m2"))
    assert kinds.index(OpenCase) < kinds.index(AddToCase)
    assert not handed(list(type_(content, after, "em đây")[1]))


@pytest.mark.parametrize("words", ["2", "không nguy hiểm", "em nhầm", "dừng", "xx", "menu", "xóa dữ liệu của em"])
def test_nothing_is_remembered_when_the_question_has_gone(words: str, content: Conversation) -> None:
    """Whatever ended it; a case that opens later knows nothing of them."""
    her, _ = send(content, standing(content, MENU), picture(1), picture(2))
    assert [file.media for file in her.session.unseen] == ["m1", "m2"]
    after, _ = type_(content, her, words)
    assert after.session.unseen == ()
    later = type_(content, after, "cứu em với, em bị nhốt", NOW + timedelta(minutes=1))[1]
    assert said(later)
    assert handed(list(later)) == []
