"""Send the file that goes with an answer: its bytes where the channel takes them, else the address of a picture."""

from __future__ import annotations

from uuid import UUID

import msgspec

from bot.channels.base import Channel, Retry, Sent
from flows.model.messages import Shown
from scheduler.clock import Clock
from store.attachments import outgoing
from store.attachments.outgoing import MEDIA
from store.db.engine import TROUBLE, Store
from store.errors import Sealed
from store.messages.hot_path.outbound import ClaimedMessage

_LATER = 5.0


class FileSender:
    """Sends messages whose `media` names a file of a case; `public_url` is where our own addresses begin."""

    def __init__(self, store: Store, clock: Clock, public_url: str) -> None:
        self._store = store
        self._clock = clock
        self._base = public_url.rstrip("/")

    def is_for(self, shown: Shown) -> bool:
        """Whether a message carries such a file."""
        return shown.media.startswith(MEDIA)

    async def send(self, channel: Channel, address: str, shown: Shown, message: ClaimedMessage) -> Sent:
        """Send one. Raises a Failure; Sealed or Forgotten when the file is not for whom the message goes to."""
        if message.person_id is None:
            raise Sealed("a file of a case goes to nobody but its person")
        send_file = channel.abilities.send_file
        attachment = UUID(shown.media.removeprefix(MEDIA))
        try:
            taken = await outgoing.copy_for(self._store, attachment, message.person_id)
            if send_file is None:
                token = await outgoing.make_link(self._store, self._clock.now(), attachment)
                ending = taken.name.rpartition(".")[2]
                where = f"{self._base}/m/{token}.{ending}"
        except TROUBLE:
            raise Retry("the file is not to be had now", after=_LATER, code="file") from None
        if send_file is not None:
            return await send_file(address, shown, taken)
        return await channel.send(address, msgspec.structs.replace(shown, media=where))
