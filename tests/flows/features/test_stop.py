"""Stop and exit as people type them: with thanks, repeated, spaced; and words that only look like them."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase
from flows.model.facts import CaseSeen
from tests.flows.standings import BESIDE_HUMAN, said, standing, type_

OPEN = CaseSeen("c1", "K7M2", 3)

STOPS = (
    *("Dừng. Cảm ơn", "dừng, cảm ơn", "cảm ơn, dừng", "thanks, stop", "Stop. Thank you", "hủy. cảm ơn", "dừng 🙏"),
    *("dừng dừng", "dừng dừng dừng", "stop stop", "Dừng! Dừng!", "hủy hủy", "dừng dừng, cảm ơn chị"),
    *("s t o p", "S T O P", "d ừ n g", "S.T.O.P", "d.ừ.n.g", "stopppp", "dừnggg", "ngừng ngừng", "ngung", "ngưng ạ"),
    *("dạ dừng", "ok dừng", "vâng dừng nhé", "thôi dừng", "dừng hết đi", "stop nha chị", "xin đừng nhắn", "hủy tin"),
    *("từ chối nhận tin", "tu choi nhan tin", "Từ chối nhận tin nhắn ạ", "em từ chối nhận tin", "thôi khỏi nhận tin"),
    *("không nhận tin", "khong nhan tin nua", "em không nhận tin nữa ạ", "chấm dứt nhận tin", "hủy đăng kí"),
    *("em muốn hủy đăng ký nhận tin ạ", "cho em bỏ theo dõi", "hủy theo dõi giúp em", "bỏ ạ", "hủy nhé"),
)
EXITS = ("thoát. cảm ơn", "cảm ơn, thoát", "thoát thoát", "t h o á t", "xx xx", "x x", "X.X", "xx ạ", "dạ xx", "xxxx")
ALONE = (
    *("TC", "tc", "T.C", "tc ạ", "thôi không nhận nữa", "thoi khong nhan nua", "thôi ko nhận nữa ạ", "không nhận nữa"),
    *("em thôi không nhận nữa đâu", "thôi không nhận nữa, cảm ơn chị", "em không nhắn nữa"),
)
"""Words that also answer a person or refuse something else."""

NO_STOPS = (
    *("tc là gì", "tc của em", "thôi không nhận quà nữa", "em không nhận tiền nữa", "em không nhận lương nữa"),
    *("em không muốn nhận tin nhắn của nó nữa", "từ chối nhận tin của nó", "em bảo nó đừng nhắn nữa"),
    *("đừng nhắn cho chồng em nữa", "chặn tin nhắn của nó", "nó không cho em nhận tin nhắn nữa"),
    *("anh ấy hủy theo dõi em trên facebook", "em bị bắt bỏ học hủy đăng ký thi", "hủy đăng ký tạm trú làm sao"),
    *("công ty không gửi lương nữa", "không muốn nhận thông báo của facebook", "dừng xe", "thôi cảm ơn", "từ chối"),
    *("nó bỏ em", "bỏ em", "bỏ bạn", "sao chị không nhắn cho em", "em vừa bỏ theo dõi trang ấy vì nội dung dở quá"),
    *("dung", "dung dung", "dung. cam on", "d u n g", "dung a, cam on"),
)


@pytest.mark.parametrize("typed", [*STOPS, *ALONE])
def test_a_stop_is_heard_in_whatever_dress(typed: str, content: Conversation) -> None:
    """In every state, with a case and without."""
    for state in content.states:
        assert type_(content, standing(content, state), typed)[0].session.stopped, state
    assert type_(content, standing(content, "GetHelp:queued", case=OPEN), typed)[0].session.stopped


@pytest.mark.parametrize("typed", STOPS)
def test_beside_a_human_a_plain_stop_keeps_its_effect(typed: str, content: Conversation) -> None:
    """She may end it whoever writes."""
    assert type_(content, standing(content, "GetHelp:queued", case=BESIDE_HUMAN), typed)[0].session.stopped


@pytest.mark.parametrize("typed", ALONE)
def test_beside_a_human_words_that_may_answer_them_are_theirs(typed: str, content: Conversation) -> None:
    """ "Thôi không nhận nữa" may refuse the food that was offered: the human reads it and nothing is ended."""
    after, effects = type_(content, standing(content, "GetHelp:queued", case=BESIDE_HUMAN), typed)
    assert (after.session.stopped, said(effects)) == (False, [])
    assert AddToCase(typed) in effects


@pytest.mark.parametrize("typed", EXITS)
def test_the_exit_is_heard_in_whatever_dress(typed: str, content: Conversation) -> None:
    """Beside a human too."""
    for case in (None, OPEN, BESIDE_HUMAN):
        assert type_(content, standing(content, "GetHelp:queued", case=case), typed)[0].session.state == "Exit:hidden"


@pytest.mark.parametrize("typed", NO_STOPS)
def test_what_only_looks_like_a_stop_ends_nothing(typed: str, content: Conversation) -> None:
    """What somebody else sends or is to stop, what is refused besides news, and `dung` without its tone."""
    for case in (None, OPEN, BESIDE_HUMAN):
        assert not type_(content, standing(content, "Menu:menu", case=case), typed)[0].session.stopped
