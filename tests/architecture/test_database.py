"""The database as code sees it: names of connections, where SQL stands as text, and no code in it as a number."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from store.migrations.revisions import config

ROOT = Path(__file__).parents[2]
PRODUCTION = ("content", "flows", "store", "scheduler", "bot", "console")
CONNECTIONS = {
    "conn": "AsyncConnection",
    "keyring_conn": "AsyncConnection",
    "pg": "asyncpg.Connection",
    "keyring_pg": "asyncpg.Connection",
}
"""SQLAlchemy's connections and asyncpg's own: on the data, and on the keyring."""
ROOMS = ("bot", "scheduler", "store")
"""Where nothing else is called so, and these are called nothing else."""
NAKED = re.compile(
    r"\b(?:status|content|cause_kind|recipient|state)\b(?:\s*\+\s*0)?\s*(?:=|<>|!=|<=?|>=?|IN\b)\s*\(?\s*\d"
    r"|\b(?:THEN|ELSE)\s+\d|\bSELECT\s+\d+\s*,"
)
"""A number compared with a column of codes, chosen for one, or selected to be inserted."""
STATEMENT = re.compile(
    r"\b(?:SELECT|INSERT INTO|UPDATE \w+(?: \w+)? SET|DELETE FROM|CREATE (?:TABLE|TRIGGER|OR REPLACE)|ALTER)\b"
)
HOT, ASYNCPG = "what every message passes", "on a connection of asyncpg's own, on which SQLAlchemy has no part"
NO_EXPRESSION = "SQLAlchemy has no expression for it: "
TEXT = {
    "bot/inbound/encryption.py": ASYNCPG,
    "bot/ownership.py": ASYNCPG,
    "console/web/events.py": ASYNCPG,
    "scheduler/ticker.py": ASYNCPG,
    "store/audit.py": NO_EXPRESSION + "a trigger, and numbers of a sequence in a row",
    "store/backup/backup.py": NO_EXPRESSION + "the table of the migrations is not ours",
    "store/backup/restore.py": NO_EXPRESSION + "a database that is still empty, and its catalogue",
    "store/cases/inbound.py": ASYNCPG,
    "store/cases/rekey.py": NO_EXPRESSION + "an advisory lock",
    "store/cases/service.py": ASYNCPG,
    "store/crypto/keyring.py": ASYNCPG,
    "store/crypto/oauth_tokens.py": ASYNCPG,
    "store/db/notify.py": NO_EXPRESSION + "several notices at once",
    "store/effects/apply.py": NO_EXPRESSION + "it begins a transaction",
    "store/jobs/scheduled.py": ASYNCPG,
    "store/messages/backfill.py": ASYNCPG,
    "store/messages/hold.py": ASYNCPG,
    "store/messages/hot_path/fanout.py": HOT,
    "store/messages/hot_path/inbound.py": HOT,
    "store/messages/hot_path/outbound.py": HOT,
    "store/messages/inbox.py": ASYNCPG,
    "store/messages/lanes.py": ASYNCPG,
    "store/metrics.py": ASYNCPG,
    "store/people/models.py": ASYNCPG,
    "store/privacy/forgetting.py": ASYNCPG,
}
"""Where SQL stands as text, and why (docs/adr/0062)."""

LEDGER = re.compile(r"\binsert\(ledger\)|INSERT INTO ledger\b")
WRITERS = {"store/messages/ledger.py", "store/messages/hot_path/fanout.py", "store/messages/hot_path/inbound.py"}
"""The only places that put a message into the ledger: what leaves has an identity there, and its sender is woken."""


def modules(*places: str) -> Iterator[tuple[str, ast.Module]]:
    """Modules in folders, by their path, migrations apart: they are written once."""
    for place in places:
        found = ROOT / place
        for file in [found] if found.is_file() else sorted(found.rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            if "store/migrations" not in path:
                yield path, ast.parse(file.read_text("utf-8"))


def misnamed(tree: ast.Module) -> Iterator[str]:
    """Yield every parameter that is a connection by its name or by its type, and not by both."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation is not None:
            kind = ast.unparse(node.annotation)
            if CONNECTIONS.get(node.arg, kind) != kind or (
                kind in CONNECTIONS.values() and node.arg not in CONNECTIONS
            ):
                yield f"{node.lineno}: {node.arg}: {kind}"


def naked(tree: ast.Module) -> Iterator[str]:
    """Yield every place of SQL text where a code of a message stands as a number."""
    for node in texts(tree):
        yield from (f"{node.lineno}: {found[0]}" for found in NAKED.finditer(node.value))


def texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every literal text of a module; docstrings are prose."""
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node


def statements(tree: ast.Module) -> list[int]:
    """The lines at which SQL text begins."""
    return [node.lineno for node in texts(tree) if STATEMENT.search(node.value)]


def test_a_connection_has_one_name_and_one_type() -> None:
    """Whoever reads `pg` knows that it is asyncpg's own, and on which database."""
    found = {path: here for path, tree in modules(*ROOMS) if (here := list(misnamed(tree)))}
    assert not found, found


def test_no_sql_text_has_a_code_as_a_number() -> None:
    """`status IN (0, 4)` would go on to be what it was when a status changes: it is made from the enum."""
    found = {path: here for path, tree in modules(*PRODUCTION) if (here := list(naked(tree)))}
    assert not found, f"{found}: name it, and let store.messages.models.with_codes put the number in"


def test_sql_is_text_where_it_must_be() -> None:
    """Everything else is an expression of SQLAlchemy, which mypy and a search for a column find."""
    found = {path: lines for path, tree in modules(*PRODUCTION) if (lines := statements(tree))}
    new = {path: lines for path, lines in found.items() if path not in TEXT}
    assert not new, f"SQL as text: {new}: write an expression, or the reason in TEXT"
    assert sorted(TEXT.keys() - found.keys()) == [], "no SQL text stands there any more"


def test_a_message_is_put_into_the_ledger_in_one_place() -> None:
    """`enqueue` for everything but what every message passes: nobody else makes rows by hand."""
    writers = {path for path, tree in modules(*PRODUCTION) if LEDGER.search(ast.unparse(tree))}
    assert writers == WRITERS, "put it in with store.messages.ledger.enqueue"


@pytest.mark.parametrize(
    "source",
    [
        "def load(conn: asyncpg.Connection) -> None: ...",
        "def load(pg: Any) -> None: ...",
        "async def load(data: AsyncConnection) -> None: ...",
        "async def load(ring: asyncpg.Connection) -> None: ...",
    ],
)
def test_a_planted_name_of_a_connection_is_found(source: str) -> None:
    """The search itself: another name, another type, or none."""
    assert list(misnamed(ast.parse(source)))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM ledger WHERE status IN (0, 4)",
        "UPDATE inbox SET state = 1, sealed = NULL",
        "state + 0 = 0",
        "b ON k.cause_kind = 4",
        "INSERT INTO ledger(cause_kind, cause) SELECT 4, :id",
        "SET status = CASE WHEN l.tries < 2 THEN 0 ELSE 3 END",
    ],
)
def test_a_planted_number_is_found(text: str) -> None:
    """The search itself, on a statement of each kind; what is named, and a column of text, is not found."""
    assert list(naked(ast.parse(f'STATEMENT = """{text}"""')))
    named = "STATEMENT = \"SELECT 1 FROM ledger WHERE status = {Status.SENT} AND state IN ('agreed')\""
    assert not list(naked(ast.parse(named)))


@pytest.mark.parametrize(
    "written", ["conn.execute(insert(ledger).values(row))", "ROWS = text('INSERT INTO ledger(n)')"]
)
def test_a_planted_row_of_the_ledger_is_found(written: str) -> None:
    """The search itself, for an expression and for text."""
    assert LEDGER.search(ast.unparse(ast.parse(written)))
    assert not LEDGER.search("select(ledger.c.id)")


def test_a_planted_statement_is_found() -> None:
    """The search itself: SQL in a text, and none in prose."""
    assert statements(ast.parse('"""SELECT is a word of SQL."""\nROWS = text("SELECT id FROM inbox")')) == [2]


@pytest.mark.parametrize("branch", ["data", "keyring"])
def test_migrations_are_one_chain(branch: str) -> None:
    """Two that were written at the same time are numbered one after the other, or no database comes up."""
    found = list(ScriptDirectory.from_config(config(branch)).walk_revisions())
    assert [one.revision for one in reversed(found)] == [f"{branch}_{n:04}" for n in range(1, len(found) + 1)]
    files = sorted(path.name[:4] for path in Path(found[0].path).parent.glob("[0-9]*.py"))
    assert files == [f"{n:04}" for n in range(1, len(found) + 1)]
