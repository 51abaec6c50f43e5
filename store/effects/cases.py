"""Effects on a case: open it, raise its level, add what the person wrote, note, another number, clean the chat."""

from __future__ import annotations

from content.media.attachment import Kind
from flows.engine.step import FROM_PERSON
from flows.model import effects
from flows.model.messages import Shown
from store.attachments import service as attachments
from store.attachments.service import SentAlong
from store.cases import bot_answers, chat_cleanup, inbound, phone_number
from store.cases import service as cases
from store.cases.keys import CaseOwner
from store.cases.lines import NewLine
from store.casework import unanswered
from store.effects.base import Batch, EffectRequest
from store.effects.registry import applies
from store.messages.ledger import enqueue
from store.messages.models import Cause
from store.privacy import withdrawals
from store.referrals import models as referral_models

ATTACHED: dict[str, Kind] = {"voice": "voice", "image": "photo", "file": "file"}
"""What she may send with a file behind it, and what is expected in that."""


@applies(effects.OpenCase)
async def open_case(batch: Batch, request: EffectRequest, effect: effects.OpenCase) -> None:
    """Open a case (or find the open one), tell every console, and have it recorded."""
    cry = cases.Cry(
        person_id=request.person_id,
        key=request.key,
        account=request.account,
        level=effect.level,
        reason=effect.reason,
        place=effect.place,
        flags=effect.flags,
        readers=request.readers,
    )
    case = await cases.open_case(batch.work, cry)
    await unanswered.drop(batch.work, request.person_id)
    batch.work.record("case.opened", case.id, level=effect.level, reason=effect.reason)


@applies(effects.RaiseLevel)
async def raise_level(batch: Batch, request: EffectRequest, effect: effects.RaiseLevel) -> None:
    """Raise her open case to a level."""
    await cases.raise_level(batch.work, request.person_id, effect.level)


@applies(effects.AddToCase, keeps_case=True)
async def add_to_case(batch: Batch, request: EffectRequest, effect: effects.AddToCase) -> None:
    """Add what she wrote; a picture, voice or file stays where it is until it has been fetched.

    When it is sure that she wrote it (not `behind` the cover), it may be her answer to the people of the case. What
    she changed in an old message or passed on (no word of her own, safety rule 19) is only added.
    """
    known = batch.open_cases.get(request.person_id)
    case = known or await inbound.inbound_case(batch.work, request.person_id)
    if case is None:
        return  # closed between the load and this moment: the version check of the session lets her write again
    if request.kind in FROM_PERSON:
        batch.open_cases[request.person_id] = case
    kind = ATTACHED.get(effect.kind or request.kind) if effect.media else None
    said = effect.text.strip() if kind else f"{effect.text}\n{effect.media}".strip()
    line = await _add_line(batch, request, case, "in", _shown(said, effect), str(request.n))
    if not effect.behind and request.kind in FROM_PERSON:
        await referral_models.hear(batch.work, request.at, case, said)
    if known is None and request.kind in FROM_PERSON:
        await cases.person_wrote(batch.work, case.id)
    if kind and line is not None:
        await _receive_files(batch, request, case, line, kind, effect.media)


@applies(effects.ShowAnswers, keeps_case=True)
async def show_answers(batch: Batch, request: EffectRequest, effect: effects.ShowAnswers) -> None:
    """Add what the bot answered, each answer as a line of its own time."""
    case = batch.open_cases.get(request.person_id) or await inbound.inbound_case(batch.work, request.person_id)
    if case is not None:
        await bot_answers.show(batch.work, case, effect.answers)


@applies(effects.AnswerReferral)
async def answer_referral(batch: Batch, request: EffectRequest, effect: effects.AnswerReferral) -> None:
    """Keep her yes or no in words to the question she was asked last, as the number of that question would."""
    case = await inbound.inbound_case(batch.work, request.person_id)
    if case is not None:
        await referral_models.hear_words(batch.work, request.at, case, effect)


@applies(effects.NoteOnCase)
async def note_on_case(batch: Batch, request: EffectRequest, effect: effects.NoteOnCase) -> None:
    """Add a coded answer as a line of her case, and keep readable what staff act on."""
    case = await inbound.inbound_case(batch.work, request.person_id)
    if case is not None:
        said = f"{effect.key}={effect.value}\n{effect.answers}".strip()
        await _add_line(batch, request, case, "note", said, f"{request.n}.{effect.key}")
    await inbound.note(batch.work, request.person_id, effect.key, effect.value)
    if (effect.key, effect.value) == ("wish", "forget"):
        await withdrawals.ask_people(batch.work, request.person_id)


@applies(effects.KeepSecondWay)
async def keep_second_way(batch: Batch, request: EffectRequest, effect: effects.KeepSecondWay) -> None:
    """Keep another number she may be called on, for the readers of her case."""
    cause = f"{request.cause}.{request.n}.second"
    await phone_number.keep(batch.work, request.person_id, effect.text, cause)


@applies(effects.CleanChat)
async def clean_chat(batch: Batch, request: EffectRequest, effect: effects.CleanChat) -> None:
    """Ask the sender to delete what we sent her lately, and her own messages, where the channel can."""
    ids = [*await chat_cleanup.ours(batch.work.conn, batch.work.now, request.library, request.person_id), *effect.hers]
    if ids:
        message = chat_cleanup.message(
            batch.work.now, request.person_id, request.account, Cause.INBOX, request.cause, answers_at=request.at
        )
        await enqueue(batch.work, message.sealed(request.key, Shown(",".join(ids)), first=chat_cleanup.LAST))


def _shown(said: str, effect: effects.AddToCase) -> str:
    """What she said with what it answers before it, and what the platform says of a page she shared below."""
    words = f"“{effect.answers}” → {said}" if effect.answers else said
    return f"{words}\n{effect.card}".strip()


async def _receive_files(
    batch: Batch, request: EffectRequest, case: inbound.InboundCase, first: int, kind: Kind, media: str
) -> None:
    """Note what came with a line of hers; every file after the first has a line of its own without words."""
    owner = CaseOwner(case.id, case.person_id, request.key)
    for n, reference in enumerate(media.splitlines()):
        line = await _add_line(batch, request, case, "in", "", f"{request.n}.file{n}") if n else first
        if line is not None:
            await attachments.receive(batch.work, owner, SentAlong(line, request.account, kind, reference))


async def _add_line(
    batch: Batch, request: EffectRequest, case: inbound.InboundCase, direction: str, words: str, n: str
) -> int | None:
    """Add a line to a case; None when it is there already."""
    cause = f"{request.cause}.{n}"
    line = NewLine(direction, words, Cause.INBOX, cause)
    return await inbound.add_inbound_line(batch.work, request.at, case, line)
