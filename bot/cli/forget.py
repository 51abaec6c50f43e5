"""`nhipcau admin forget` and `nhipcau admin sweep`: deletion on the machine itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.cli.bootstrap import open_databases
from bot.cli.serve import run_until_told
from bot.config.settings import SettingsWrong, read_settings
from scheduler.clock import Clock
from store.db.engine import Store
from store.errors import Refused
from store.privacy import forgetting, retention
from store.privacy.forgetting import FoundPerson


def run_forget(
    case: str, account: str, address: str, agreed: Callable[[bool], bool], settings_file: Path | None
) -> int:
    """Forget whose case it is, or who writes from an address; returns the exit code.

    `agreed` is asked before anything is destroyed, and told whether a case of hers is open.
    """

    async def main() -> None:
        store, _ = await open_databases(read_settings(settings_file))
        try:
            found = await _find(store, case, account, address)
            if not agreed(found.open_case):
                print("nothing was changed")
                return
            receipt = await forgetting.forget(store, Clock().now(), found.person_id, actor="command")
        except Refused as refusal:
            raise SettingsWrong([str(refusal)]) from None
        finally:
            await store.close()
        print(
            f"forgotten at {receipt.at:%Y-%m-%d %H:%M:%S} UTC: her key is destroyed, and with it every backup of hers"
        )
        print(f"removed: {receipt.cases} cases with {receipt.lines} lines, {receipt.messages} messages")
        print("what the platform and her phone hold is not ours to remove: she must delete the chat there")

    return run_until_told(main)


async def _find(store: Store, case: str, account: str, address: str) -> FoundPerson:
    async with store.data.connect() as conn:
        if case:
            return await forgetting.by_case(conn, case)
        return await forgetting.by_address(store, conn, account, address)


def run_sweep(settings_file: Path | None) -> int:
    """Sweep every class of data once; 1 when something that should be gone is left."""
    left = 0

    async def main() -> None:
        nonlocal left
        store, _ = await open_databases(read_settings(settings_file))
        try:
            runs = await retention.sweep_once(store, Clock().now())
        finally:
            await store.close()
        if not runs:
            print("the service is on hold: nothing is swept until `nhipcau release`")
        for run in runs:
            print(f"{run.name:<18} removed {run.removed:>7}   left {run.left}")
        left = sum(run.left for run in runs)

    return run_until_told(main) or int(left > 0)
