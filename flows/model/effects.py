"""Effects: what a step asks the application to do, as small frozen structs in the domain's words."""

from __future__ import annotations

import msgspec

from flows.model.messages import Outgoing
from flows.model.session import BotAnswer

HELP, REPLY, CHECK_IN, BROADCAST = 0, 1, 2, 3
"""Priorities of the ledger: help, relay and paging; replies; check-ins; broadcasts."""
COVER = "cover"
"""How a message is marked (`AddToCase.behind`) that was written before her own word."""


class Urgent(msgspec.Struct, frozen=True):
    """A kind of effect that goes before the lines of a case: danger, and leaving in a hurry."""


class Say(msgspec.Struct, frozen=True, tag=True):
    """Send this to the person. Priority `HELP` for anything a cry depends on."""

    outgoing: Outgoing
    priority: int = REPLY


class OpenCase(Urgent, frozen=True, tag=True):
    """Open a case (or find the open one) at `level` 1-4; `reason` is a rule or state id, never her words."""

    level: int
    reason: str
    place: str = ""
    flags: tuple[str, ...] = ()


class RaiseLevel(Urgent, frozen=True, tag=True):
    """Raise the open case to `level`; a lower level than today's is ignored."""

    level: int
    reason: str


class AddToCase(msgspec.Struct, frozen=True, tag=True):
    """Hand her message to the people of her case; the text is sealed to them before it is stored.

    `behind` is "cover" when it was written before her own word: whoever wrote it answers no question of consent.
    `answers` is the beginning of the message it replies to: shown beside it, and no word of this one.
    Nor is `card`, the title and description of a page she shared.
    `kind` is what an earlier message was that is handed on with this one.
    """

    text: str
    media: str = ""
    behind: str = ""
    answers: str = ""
    card: str = ""
    kind: str = ""


class NoteOnCase(msgspec.Struct, frozen=True, tag=True):
    """A structured answer for the case (`key` = where, age, contact …; `value` a choice value, never free text).

    `answers` is as in `AddToCase`: a sticker may answer a message as well as words do.
    """

    key: str
    value: str
    answers: str = ""


class ShowAnswers(msgspec.Struct, frozen=True, tag=True):
    """Show the people of her case what the bot has answered, in order: they ask nothing twice."""

    answers: tuple[BotAnswer, ...]


Deferrable = OpenCase | RaiseLevel | NoteOnCase
"""What may be done once the answer has left."""


class Later(msgspec.Struct, frozen=True, tag=True):
    """Do this once the answer has left: whichever of her words it was, the step itself does one and the same thing."""

    does: tuple[Deferrable, ...]


class KeepSecondWay(msgspec.Struct, frozen=True, tag=True):
    """Another number she may be called on, as she typed it: sealed to the readers of her case. "": keep none."""

    text: str


class RecordConsent(msgspec.Struct, frozen=True, tag=True):
    """She said yes or no to one purpose (C1-C10), in one version of its text."""

    purpose: str
    version: str
    given: bool


class AnswerReferral(msgspec.Struct, frozen=True, tag=True):
    """She answered in words whether a service may be told: the referral, and her yes or no."""

    referral: int
    given: bool


class CleanChat(msgspec.Struct, frozen=True, tag=True):
    """Delete what the channel lets us delete of this conversation (Telegram: younger than 48 h).

    `hers` are the channel's ids of her own messages of the talk; ours are known to the ledger.
    """

    hers: tuple[str, ...] = ()


class Silence(Urgent, frozen=True, tag=True):
    """She stopped us, or left in a hurry: nothing of ours goes out for `hours` (0 = until she writes)."""

    hours: int = 0


class Agree(msgspec.Struct, frozen=True, tag=True):
    """She agreed to check-ins: `hours` in minutes of the day (start, end), her word as typed, her language."""

    hours: tuple[int, int]
    code: str
    lang: str


class OpenCheckIn(msgspec.Struct, frozen=True, tag=True):
    """She answered a check-in with her word: the questions are open."""


class AnswerCheckIn(msgspec.Struct, frozen=True, tag=True):
    """Her answer to one question of the open check-in: a choice value, never free text."""

    question: str
    answer: str


class EndCheckIn(msgspec.Struct, frozen=True, tag=True):
    """The open check-in is answered, or ended early by an answer that pages a human."""

    flagged: bool = False


class ChangePlan(msgspec.Struct, frozen=True, tag=True):
    """Her check-ins rest ("paused"), go on ("active") or end ("stopped")."""

    to: str


class Redeem(msgspec.Struct, frozen=True, tag=True):
    """She said yes to what an invitation code offers; `version` is the text she agreed to."""

    code: str
    lang: str
    version: str


class EndNews(msgspec.Struct, frozen=True, tag=True):
    """She hears from no group any more; `version` is the text she had agreed to."""

    version: str


class LeaveVillage(msgspec.Struct, frozen=True, tag=True):
    """She hears from no group any more, and is a member of none: what she proposed there is taken back."""

    version: str


class ProposeBroadcast(msgspec.Struct, frozen=True, tag=True):
    """A member proposes an approved card to the audience of her group (`group` is its number)."""

    card: str
    group: int


class SendTip(msgspec.Struct, frozen=True, tag=True):
    """Somebody suspicious was told of: coded values, and the official code of a commune or province, never a text."""

    kind: str
    when: str
    area: str = ""


class AskInDialogue(msgspec.Struct, frozen=True, tag=True):
    """A question for a meeting: a coded topic and one short text, kept without whoever asked."""

    topic: str
    text: str


class AwaitAnswer(msgspec.Struct, frozen=True, tag=True):
    """She was asked something on the way to help ("help", "danger", "silent"), in a language; "": nothing any more.

    Where nothing comes for ten minutes a human looks. Never a word of hers.
    """

    asked: str
    lang: str = ""


class ToldLeft(msgspec.Struct, frozen=True, tag=True):
    """She knows, or need not know any more, that the human who wrote to her is not there now."""


class CountHelped(msgspec.Struct, frozen=True, tag=True):
    """Whether a talk with a human helped, "yes" or "no": one more in a number, without anybody."""

    answer: str


class Forget(msgspec.Struct, frozen=True, tag=True):
    """Forget this person: at once, or (the young people's corner) after `silent_hours` without a word from her."""

    silent_hours: int = 0


class Withdraw(msgspec.Struct, frozen=True, tag=True):
    """A platform reports that she takes back what it may do with her data: she is forgotten, or a human decides."""


class BecomeSpeaker(msgspec.Struct, frozen=True, tag=True):
    """She said yes to lending her voice, with a code; `version` is the text she agreed to."""

    code: str
    version: str


class KeepRecording(msgspec.Struct, frozen=True, tag=True):
    """A speaker sent a voice note for a card; `media` is the channel's reference to it."""

    card: str
    media: str


class TakeVoiceBack(msgspec.Struct, frozen=True, tag=True):
    """A speaker takes her voice back: her recordings fall silent."""

    version: str


class OpenTask(msgspec.Struct, frozen=True, tag=True):
    """A human has to look at something about her that is no message: `kind` and `reason` are codes of the task list."""

    kind: str
    reason: str


class Unreachable(msgspec.Struct, frozen=True, tag=True):
    """The channel says she blocked us, unfollowed or is gone."""


class Reachable(msgspec.Struct, frozen=True, tag=True):
    """She can be reached: she wrote, followed or unblocked us. It releases nothing that is kept for her."""


class ReleaseKept(msgspec.Struct, frozen=True, tag=True):
    """It is her: answers of people that were kept for her silence may leave now (safety rules 6 and 23)."""


StoreEffect = (
    OpenCase
    | RaiseLevel
    | AddToCase
    | NoteOnCase
    | ShowAnswers
    | Later
    | KeepSecondWay
    | RecordConsent
    | AnswerReferral
    | CleanChat
    | Silence
    | OpenTask
    | Unreachable
    | Reachable
    | ReleaseKept
    | Agree
    | OpenCheckIn
    | AnswerCheckIn
    | EndCheckIn
    | ChangePlan
    | Redeem
    | EndNews
    | LeaveVillage
    | ProposeBroadcast
    | SendTip
    | AskInDialogue
    | AwaitAnswer
    | ToldLeft
    | CountHelped
    | Forget
    | Withdraw
    | BecomeSpeaker
    | KeepRecording
    | TakeVoiceBack
)
"""What the store applies in the transaction of the batch, each by its handler in `store/effects`."""
Effect = Say | StoreEffect
"""What a step may ask for; what it says becomes rows of the ledger in the turn itself."""
