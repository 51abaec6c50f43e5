"""`nhipcau admin forget` and `nhipcau admin sweep`: deletion on the machine itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.cli.databases import with_store
from scheduler.clock import Clock
from store.db.engine import Store
from store.privacy import forgetting, retention
from store.privacy.forgetting import FoundPerson
from store.unit_of_work import COMMAND


def run_forget(
    case: str, account: str, address: str, agreed: Callable[[bool], bool], settings_file: Path | None
) -> int:
    """Forget whose case it is, or who writes from an address; returns the exit code.

    `agreed` is asked before anything is destroyed, and told whether a case of hers is open.
    """

    async def act(store: Store) -> None:
        found = await _find(store, case, account, address)
        if not agreed(found.open_case):
            print("nothing was changed")
            return
        receipt = await forgetting.forget(store, Clock().now(), COMMAND, found.person_id)
        print(
            f"forgotten at {receipt.at:%Y-%m-%d %H:%M:%S} UTC: her key is destroyed, and with it every backup of hers"
        )
        print(f"removed: {receipt.cases} cases with {receipt.lines} lines, {receipt.messages} messages")
        print("what the platform and her phone hold is not ours to remove: she must delete the chat there")

    return with_store(settings_file, act)


async def _find(store: Store, case: str, account: str, address: str) -> FoundPerson:
    async with store.data.connect() as conn:
        if case:
            return await forgetting.by_case(conn, case)
        return await forgetting.by_address(store, conn, account, address)


def run_sweep(settings_file: Path | None) -> int:
    """Sweep every class of data once; 1 when something that should be gone is left."""
    left = 0

    async def act(store: Store) -> None:
        nonlocal left
        runs = await retention.sweep_once(store, Clock().now())
        if not runs:
            print("the service is on hold: nothing is swept until `nhipcau release`")
        for run in runs:
            print(f"{run.name:<18} removed {run.removed:>7}   left {run.left}")
        left = sum(run.left for run in runs)

    return with_store(settings_file, act) or int(left > 0)
