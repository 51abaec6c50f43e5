"""Counsellors propose phrases: nothing of her in them, nothing matched before a second person approves."""

from __future__ import annotations

import msgspec
import pytest

from content.lexicon.model import LexiconData, Proposal
from flows.understanding.classifier import Classifier
from flows.understanding.proposals import proposal_findings, proposal_for, redact
from tests.support.content import library

LEXICON = library().lexicon
MISSED = "họ bắt em nhai lá đắng cả ngày"
PROPOSAL = Proposal(
    id="bitter-leaves",
    example=MISSED,
    pattern="bắt ..2 nhai ..2 lá_đắng",
    level=3,
    intent="HELP",
    owner="counsellors",
    source="a miss of November",
    status="proposed",
)


def with_proposal(**changes: object) -> LexiconData:
    return msgspec.structs.replace(LEXICON, proposals=(msgspec.structs.replace(PROPOSAL, **changes),))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("em tên Lan, gọi 0912 345 678", "em tên X, gọi 0"),
        ("em tên là giàng, ở bản", "em tên là X, ở bản"),
        ("Anh Nam bán em sang Hà Khẩu", "Anh X bán em sang X X"),
        ("xem https://a.vn/x?y=1 nhé", "xem X nhé"),
        ("viết cho a@b.vn", "viết cho X"),
        ("CỨU EM VỚI, EM TÊN HOA", "cứu em với, em tên X"),
        ("em 15 tuổi. Họ nhốt em 3 ngày", "em 0 tuổi. Họ nhốt em 0 ngày"),
        ("họ không cho em về", "họ không cho em về"),
    ],
)
def test_names_numbers_and_links_are_taken_out(typed: str, kept: str) -> None:
    """What is proposed goes through many hands and into the repository: nobody is found by it."""
    assert redact(typed) == kept
    assert redact(kept) == kept


def test_a_proposal_is_printed_for_a_human_to_complete() -> None:
    """The entry holds the redacted words; pattern, owner and source stay empty for who proposes."""
    entry = proposal_for('Chị "Mỷ" bảo: đi đi')
    assert 'example: "Chị \\"X\\" bảo: đi đi"' in entry
    assert "owner:\n" in entry
    assert "status: proposed" in entry


def test_a_proposal_changes_nothing_until_it_is_approved() -> None:
    """It is kept beside the rules, not among them; once approved it is a question, never a belief."""
    rule = PROPOSAL.as_rule()
    assert (rule.action, rule.net) == ("ask", True)
    before = Classifier(with_proposal()).rules_met(MISSED)
    after = Classifier(msgspec.structs.replace(LEXICON, rules=(*LEXICON.rules, rule))).rules_met(MISSED)
    assert "bitter-leaves" not in before
    assert "bitter-leaves" in after


def test_a_proposal_must_hear_its_own_example() -> None:
    """The example is its test."""
    assert list(proposal_findings(with_proposal())) == []
    (found,) = proposal_findings(with_proposal(pattern="bắt ..2 uống ..2 lá_đắng"))
    assert "does not hear its example" in found.message


def test_a_proposal_with_a_name_in_it_is_refused_with_what_to_write() -> None:
    """A forgotten name does not pass the check."""
    (found,) = proposal_findings(with_proposal(example=f"Anh Nam và {MISSED}"))
    assert "a name" in found.message
    assert found.remedy == f'write "Anh X và {MISSED}"'
