"""Whether every channel has its limits in the content, and every file of limits its channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.channels.registry import channels
from content.findings import Finding


def limit_findings(limits: Iterable[str]) -> Iterator[Finding]:
    """Yield each channel without limits and each file of limits without a channel."""
    named = set(limits)
    for name in channels():
        if name not in named:
            yield Finding("channels/", 1, f"the limits of {name} are missing", f"add channels/{name}.yaml")
    for name in sorted(named - channels().keys()):
        yield Finding(f"channels/{name}.yaml", 1, f"there is no channel {name}", f"add the package bot/channels/{name}")
