"""`nhipcau admin staff`: create, list, suspend, let in again, change a passphrase."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperGroup

from bot.cli.options import SettingsFile

NEW_KEY = "new key"


class StaffGroup(TyperGroup):
    """`admin staff LOGIN …` is `admin staff add LOGIN …`, as it was before there was anything else to do."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put `add` before what names no command."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["add", *args]
        return super().parse_args(ctx, args)


staff_app = typer.Typer(help="Members of staff; `staff LOGIN …` is `staff add LOGIN …`.", cls=StaffGroup)
Login = Annotated[str, typer.Argument(help="The login name.")]
YesUnreadable = Annotated[
    bool, typer.Option("--yes-unreadable", help="Do it although nobody could read some open cases any more.")
]


def ask_passphrase() -> str:
    """Ask for a new passphrase twice, unseen."""
    return str(typer.prompt("Passphrase (at least 15 characters)", hide_input=True, confirmation_prompt=True))


@staff_app.command("list")
def list_staff(settings: SettingsFile = None) -> None:
    """List everybody: login, alias, roles, scope, whether active, the day of the last sign-in."""
    from bot.cli.admin import run_list  # start time

    raise typer.Exit(run_list(settings))


@staff_app.command()
def suspend(login: Login, yes_unreadable: YesUnreadable = False, settings: SettingsFile = None) -> None:
    """Shut somebody out now: sessions, duties, pages, cases in her hands, keys of whatever is written from now on."""
    from bot.cli.admin import run_suspend  # start time

    raise typer.Exit(run_suspend(login, settings, leave_unread=yes_unreadable))


@staff_app.command("return")
def let_in(login: Login, settings: SettingsFile = None) -> None:
    """Let somebody who was suspended in again."""
    from bot.cli.admin import run_return  # start time

    raise typer.Exit(run_return(login, settings))


@staff_app.command()
def passphrase(login: Login, yes_unreadable: YesUnreadable = False, settings: SettingsFile = None) -> None:
    """Change a passphrase, typed here by its owner; one that is forgotten costs her key."""
    from bot.cli.admin import FORGOTTEN, run_passphrase  # start time

    old = typer.prompt("Present passphrase (empty: it is forgotten)", default="", show_default=False, hide_input=True)
    if not old:
        typer.echo(FORGOTTEN)
        if typer.prompt(f"Type {NEW_KEY} to go on") != NEW_KEY:
            typer.echo("nothing was changed")
            raise typer.Exit(1)
    raise typer.Exit(run_passphrase(login, old, ask_passphrase(), settings, leave_unread=yes_unreadable))
