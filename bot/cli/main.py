"""The command line. Every command imports what it needs when it is called, so that each starts fast."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import SettingsFile
from bot.cli.staff import ask_passphrase, staff_app

app = typer.Typer(
    name="nhipcau",
    help="Nhịp Cầu: safe migration and help on Zalo and Telegram.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
SCOPE = "nation (or vn); a province as 11 or vn-11; a commune as 03172 or vn-11-03172, with their official codes."


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="The port of the phones, the console and the bot.")] = 8080,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its data and keys.")] = Path(".demo"),
) -> None:
    """Run everything on this machine, with simulated phones in the browser."""
    from bot.cli.preload import begin_demo  # start time, and the database starts beside the next import

    begin_demo(folder)
    from bot.cli.demo import run_demo  # start time

    _end(run_demo(host, port, folder))


@app.command()
def run(
    role: Annotated[
        str, typer.Option(help="all, web (endpoints and console) or worker (asking, steps and sending).")
    ] = "all",
    settings: SettingsFile = None,
) -> None:
    """Run the service with real accounts."""
    from bot.cli.preload import hold_the_collector  # start time

    hold_the_collector()
    from bot.cli.run import run_service  # start time

    _end(run_service(role, settings))


@app.command()
def check(
    release: Annotated[bool, typer.Option("--release", help="Also fail on facts that are old or unverified.")] = False,
    content: Annotated[Path | None, typer.Option(help="Another content folder.")] = None,
    flows: Annotated[Path | None, typer.Option(help="Another folder of flow files.")] = None,
    settings: SettingsFile = None,
) -> None:
    """Check settings, content and flows; list every finding with file and line; exit 1 when there is one."""
    from bot.cli.check import run_check  # start time

    _end(run_check(release=release, content=content, flows=flows, settings=settings))


@app.command()
def understand(
    text: Annotated[str | None, typer.Argument(help="One message.")] = None,
    batch: Annotated[Path | None, typer.Option(help="A file with one message a line.")] = None,
    report: Annotated[
        bool, typer.Option("--report", help="The file is labelled (text|intent|min_level|topic): print what is missed.")
    ] = False,
    ordinary: Annotated[
        Path | None, typer.Option(help="A file of calm messages, one a line: print what they raise, ask and open.")
    ] = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="Print an entry for proposed.yaml, names and numbers taken out.")
    ] = False,
) -> None:
    """Say how a message is understood: one JSON line each."""
    from bot.cli.understand import run_ordinary, run_understand  # start time

    if ordinary is not None:
        _end(run_ordinary(ordinary))
    _end(run_understand(text, batch, labelled=report, propose=propose))


@app.command("fail-static")
def fail_static(
    write: Annotated[bool, typer.Option("--write", help="Write the texts where an API allows it.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Compare the platforms with the content.")] = False,
    sheet: Annotated[bool, typer.Option("--sheet", help="Print what a human pastes into a console.")] = False,
    confirm: Annotated[str | None, typer.Option(help="Record that the sheet of this account stands there.")] = None,
    by: Annotated[str, typer.Option(help="The login of the person who read it back.")] = "",
    settings: SettingsFile = None,
) -> None:
    """Keep the texts that answer on the platforms when this service is down."""
    from bot.cli.platform_texts import run_fail_static  # start time

    _end(run_fail_static(write=write, check=check, sheet=sheet, confirm=confirm, by=by, settings_file=settings))


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="The folder of all backups; each gets a folder of its own in it.")],
    keep_keyring_days: Annotated[
        int, typer.Option(min=1, help="Remove keyring dumps older than this, so that forgetting reaches the backups.")
    ] = 7,
    settings: SettingsFile = None,
) -> None:
    """Back up a running service, encrypted to the offline recovery key."""
    from bot.cli.backup import run_backup  # start time

    _end(run_backup(folder, keep_keyring_days, settings))


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of one backup.")],
    recovery_key: Annotated[Path, typer.Option(help="The file `recovery.private`, from its safe.")],
    set_aside: Annotated[
        bool, typer.Option("--set-aside", help="Rename the present data database first; it is kept.")
    ] = False,
    settings: SettingsFile = None,
) -> None:
    """Restore a backup into empty databases; the service is on hold afterwards."""
    from bot.cli.backup import run_restore  # start time

    _end(run_restore(folder, recovery_key, set_aside, settings))


@app.command()
def release(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False, settings: SettingsFile = None
) -> None:
    """End the hold: let the service send again."""
    from bot.cli.backup import run_release  # start time

    if not yes and typer.prompt("Messages will leave again. Type release to go on") != "release":
        typer.echo("nothing was changed")
        _end(1)
    _end(run_release(settings))


flows_app = typer.Typer(help="Look at the flows.", no_args_is_help=True)
app.add_typer(flows_app, name="flows")


@flows_app.command()
def draw(name: Annotated[str | None, typer.Argument(help="One flow, or map; all flows without it.")] = None) -> None:
    """Print flows as Mermaid state diagrams."""
    from bot.cli.draw import run_draw  # start time

    _end(run_draw(name))


content_app = typer.Typer(help="Look at the content.", no_args_is_help=True)
app.add_typer(content_app, name="content")


@content_app.callback()
def content_room() -> None:
    """Look at the content."""


@content_app.command()
def audio(
    require: Annotated[
        list[str] | None, typer.Option(help="A language, or language:topic, that must be heard whole; else exit 1.")
    ] = None,
    scripts: Annotated[str | None, typer.Option(help="Print the cards to be read aloud in this language.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Scripts as plain text instead of HTML.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Scripts of all cards, not only of silent ones.")] = False,
    own_recordings: Annotated[bool, typer.Option("--recorded", help="Count what speakers recorded here too.")] = False,
    content: Annotated[Path | None, typer.Option(help="Another content folder.")] = None,
    settings: SettingsFile = None,
) -> None:
    """Tell which cards are heard in which language, or print the scripts of those that are not."""
    from bot.cli.content import run_audio  # start time

    _end(
        run_audio(
            require or [],
            scripts,
            plain=plain,
            every=every,
            own_recordings=own_recordings,
            content=content,
            settings=settings,
        )
    )


audit_app = typer.Typer(help="The audit.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")


@audit_app.command()
def verify(settings: SettingsFile = None) -> None:
    """Walk the audit chain; exit 1 at the first row that was changed, moved or removed."""
    from bot.cli.admin import run_verify  # start time

    _end(run_verify(settings))


admin_app = typer.Typer(help="First administrator, staff, keys, Zalo consent.", no_args_is_help=True)
app.add_typer(admin_app, name="admin")
admin_app.add_typer(staff_app, name="staff")


@staff_app.command("add")
def staff(
    login: Annotated[str, typer.Argument(help="The login name.")],
    alias: Annotated[str, typer.Option(help="The name people see, for example 'Hoa Ban'.")],
    role: Annotated[list[str], typer.Option(help="admin, counsellor, shift_lead, auditor or commune_staff.")],
    scope: Annotated[str, typer.Option(help=SCOPE)] = "nation",
    settings: SettingsFile = None,
) -> None:
    """Create a staff member; the passphrase is read from the terminal."""
    from bot.cli.admin import run_create_staff  # start time
    from store.staff.models import NewMember  # start time

    _end(run_create_staff(NewMember(login, alias, role, scope), ask_passphrase(), settings))


@admin_app.command("scope")
def scope(
    login: Annotated[str, typer.Argument(help="The login name.")],
    area: Annotated[str, typer.Argument(metavar="SCOPE", help=SCOPE)],
    settings: SettingsFile = None,
) -> None:
    """Give a member another area to work for."""
    from bot.cli.admin import run_scope  # start time

    _end(run_scope(login, area, settings))


@admin_app.command("languages")
def languages(
    login: Annotated[str, typer.Argument(help="The login name.")],
    lang: Annotated[list[str] | None, typer.Option(help="A language's code, several times; none: every one.")] = None,
    settings: SettingsFile = None,
) -> None:
    """Name the languages whose texts and recordings a member may review."""
    from bot.cli.admin import run_languages  # start time

    _end(run_languages(login, lang or [], settings))


@admin_app.command("skills")
def skills(
    login: Annotated[str, typer.Argument(help="The login name.")],
    skill: Annotated[list[str] | None, typer.Option(help="child, osso, peace_house, desk_111; several times.")] = None,
    settings: SettingsFile = None,
) -> None:
    """Name what a member is trained for: she is paged first where a case asks for it; none: for nothing."""
    from bot.cli.admin import run_skills  # start time

    _end(run_skills(login, skill or [], settings))


@admin_app.command("zalo-consent")
def zalo_consent(
    account: Annotated[str, typer.Argument(help="The account's name.")],
    redirect: Annotated[str, typer.Option(help="The callback URL saved in Zalo's console; else public_url.")] = "",
    code: Annotated[
        str | None, typer.Option(help="What a consent brought, code or whole address; - asks for it, unseen.")
    ] = None,
    settings: SettingsFile = None,
) -> None:
    """Print the address where an OA administrator gives consent; with --code, store the grant it brought."""
    from bot.cli.zalo_consent import run_zalo_address, run_zalo_exchange  # start time

    if code == "-":
        code = str(typer.prompt("Code, or the whole address", hide_input=True))
    _end(run_zalo_address(account, redirect, settings) if code is None else run_zalo_exchange(account, code, settings))


@admin_app.command("forget")
def forget(settings: SettingsFile = None) -> None:
    """Forget a person for good: by case number, or by account and address, asked for here and never logged."""
    from bot.cli.forget import run_forget  # start time

    def agreed(open_case: bool) -> bool:
        if open_case:
            typer.echo("Her case is open: somebody may be helping her now.")
        return bool(typer.prompt("This cannot be undone. Type forget to go on") == "forget")

    case = typer.prompt("Case number (empty: by address)", default="", show_default=False)
    account = "" if case else typer.prompt("Account")
    address = "" if case else typer.prompt("Address on that account", hide_input=True)
    _end(run_forget(case, account, address, agreed, settings))


@admin_app.command("sweep")
def sweep(settings: SettingsFile = None) -> None:
    """Remove what is older than its class may be; exit 1 when something is left."""
    from bot.cli.forget import run_sweep  # start time

    _end(run_sweep(settings))


def _end(code: int) -> None:
    raise typer.Exit(code)


def main() -> None:
    """Run the command line."""
    app()
