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
    await speakers.become(batch.work, request.person_id, effect)


@applies(effects.KeepRecording)
async def keep_recording(batch: Batch, request: EffectRequest, effect: effects.KeepRecording) -> None:
    """Keep the reference to her voice note, which a tick fetches; of nobody but a speaker."""
    speaker = await speakers.of(batch.work.conn, request.person_id)
    if speaker is not None:
        note = recordings.VoiceNote(effect.card, effect.media, request.account, request.at)
        await recordings.receive(batch.work, request.library, speaker, request.key, note)


@applies(effects.TakeVoiceBack)
async def take_voice_back(batch: Batch, request: EffectRequest, effect: effects.TakeVoiceBack) -> None:
    """Let her recordings fall silent."""
    await recordings.take_voice_back(batch.work, request.person_id, effect.version)
