"""Small signs: calm messages that add up offer help once in a talk, ask nothing, and are forgotten when she ends it.

The weights change with every file of them; here each message adds about half of what is on the edge of a doubt, and
three are enough.
"""

from __future__ import annotations

import random
from datetime import timedelta

import msgspec
import pytest

from flows.engine import small_signs
from flows.engine.conversation import Conversation
from flows.model.effects import OpenCase
from flows.model.session import SmallSigns
from flows.understanding import understand
from tests.flows.standings import NOW, Standing, said, standing, type_
from tests.safety.test_rule_21_a_wrong_question_costs_one_tap import QUESTIONS, calm_lines
from tests.support.content import changed

CALM = ("hôm nay trời mưa to", "nhà em mới cấy xong", "con em học lớp bốn", "mạng ở đây yếu quá", "bò nhà em mới đẻ")
LINES = {"offer_here", "offer_unsure"}


@pytest.fixture(scope="module")
def adding_up(content: Conversation) -> Conversation:
    """The same conversation, in which each calm message adds about fifty and the third of them is enough."""
    weights = {"doubt": -9999, "enough": 9999, "enough_known": 9999, "together": 115}
    lexicon = msgspec.structs.replace(content.library.lexicon, **weights)
    return Conversation(changed(content.library, lexicon=lexicon), content.groups)


def talk(content: Conversation, her: Standing, *texts: str, minutes: int = 1) -> tuple[Standing, list[bool]]:
    """Let her write; return where she stands, and for each message whether the offer was below an answer."""
    lines, now = [], NOW
    for text in texts:
        now += timedelta(minutes=minutes)
        her, effects = type_(content, her, text, now)
        assert not any(isinstance(effect, OpenCase) for effect in effects), text
        lines.append(any(LINES & set(outgoing.cards) for outgoing in said(effects)))
    return her, lines


def test_what_adds_up_offers_help_once_in_a_talk(adding_up: Conversation) -> None:
    """Below the third answer and below no other; "0" then opens a case at level 2, numbers first."""
    her, lines = talk(adding_up, standing(adding_up, "Menu:menu"), *CALM)
    assert lines == [False, False, True, False, False]
    _, effects = type_(adding_up, her, "0", NOW + timedelta(minutes=6))
    assert said(effects)[0].phones
    [opened] = [effect for effect in effects if isinstance(effect, OpenCase)]
    assert (opened.level, opened.reason) == (small_signs.LEVEL, small_signs.RULE)


def test_it_never_asks_about_danger(adding_up: Conversation) -> None:
    """A hundred talks of eight calm lines drawn blindly: the offer at most once, no question, no case."""
    draw, lexicon = random.Random(21), adding_up.library.lexicon
    calm = [text for text in calm_lines() if understand(text, lexicon).action == "calm"]
    for _ in range(100):
        her, lines = standing(adding_up, "Menu:menu"), []
        for number, text in enumerate(draw.sample(calm, 8)):
            her, effects = type_(adding_up, her, text, NOW + timedelta(minutes=number))
            assert her.session.state not in QUESTIONS, text
            assert not any(isinstance(effect, OpenCase) for effect in effects), text
            lines.append(her.session.signs.told)
        assert lines == sorted(lines)


def test_each_message_counts_less_with_those_that_follow(adding_up: Conversation) -> None:
    """Half is left after three messages, a quarter after six; a word or two says nothing."""
    her, _ = talk(adding_up, standing(adding_up, "Menu:menu", signs=SmallSigns(80.0, NOW, told=True)), CALM[0])
    added = her.session.signs.weight - 80.0 * small_signs.FADES
    assert 45 < added < 55
    assert pytest.approx(0.5) == small_signs.FADES**3
    after, _ = talk(adding_up, her, "ừ ừ")
    assert after.session.signs == her.session.signs


def test_after_a_day_nothing_is_left_of_it(adding_up: Conversation) -> None:
    """Two messages today and one tomorrow are three beginnings."""
    her, _ = talk(adding_up, standing(adding_up, "Menu:menu"), *CALM[:2])
    late, _ = talk(adding_up, her, CALM[2], minutes=25 * 60)
    assert late.session.signs.weight < 55


@pytest.mark.parametrize("state", ["Youth:start", "Youth:question", "Youth:done"])
def test_the_corner_of_the_young_keeps_no_sum(state: str, adding_up: Conversation) -> None:
    """Nothing is added there, and what was there before is gone."""
    her, lines = talk(adding_up, standing(adding_up, state, signs=SmallSigns(80.0, NOW)), CALM[0])
    assert (her.session.signs.weight, lines) == (0.0, [False])


@pytest.mark.parametrize(
    ("state", "words"), [("Menu:menu", "dừng"), ("Menu:menu", "xx"), ("Menu:menu", "thoát"), ("Privacy:forget", "1")]
)
def test_stop_exit_and_forget_end_it(state: str, words: str, adding_up: Conversation) -> None:
    """The sum and the offer that came of it."""
    her, _ = talk(adding_up, standing(adding_up, "Menu:menu"), *CALM[:3])
    assert her.session.offered is not None
    there = standing(adding_up, state, signs=her.session.signs, offered=her.session.offered)
    after, _ = type_(adding_up, there, words, NOW + timedelta(minutes=4))
    assert (after.session.signs, after.session.offered) == (SmallSigns(), None)


def test_no_word_of_hers_is_in_the_session(adding_up: Conversation) -> None:
    """What is remembered is a number, when it changed, and that the offer was made."""
    her, _ = talk(adding_up, standing(adding_up, "Menu:menu"), *CALM)
    kept = msgspec.json.encode(her.session).decode()
    assert not any(text in kept for text in CALM)
