"""Effects on a speaker's voice: her yes, a recording of hers, her no."""

from __future__ import annotations

from flows.model import effects
from store.effects.base import Batch, EffectRequest
from store.effects.registry import applies
from store.recordings import service as recordings
from store.recordings import speakers


@applies(effects.BecomeSpeaker)
async def become_speaker(batch: Batch, request: EffectRequest, effect: effects.BecomeSpeaker) -> None:
    """Make her a speaker by the code she was given."""
    await speakers.become(
        batch.conn,
        batch.now,
        batch.store.keys.index,
        person_id=request.person_id,
        code=effect.code,
        version=effect.version,
    )


@applies(effects.KeepRecording)
async def keep_recording(batch: Batch, request: EffectRequest, effect: effects.KeepRecording) -> None:
    """Keep the reference to her voice note, which a tick fetches; of nobody but a speaker."""
    known = await speakers.of(batch.conn, request.person_id)
    if known is None:
        return
    await recordings.receive(
        batch.conn,
        request.at,
        request.library,
        person=known,
        key=request.key,
        account=request.account,
        card=effect.card,
        media=effect.media,
    )


@applies(effects.TakeVoiceBack)
async def take_voice_back(batch: Batch, request: EffectRequest, effect: effects.TakeVoiceBack) -> None:
    """Let her recordings fall silent."""
    await speakers.leave(batch.conn, batch.now, person_id=request.person_id, version=effect.version)
