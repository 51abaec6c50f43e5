"""Load the escalation policy (`escalation.yaml`) strictly: whatever would leave somebody unpaged is a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any

import msgspec

from content import strict_yaml
from content.escalation.policy import LEVELS, TRANSPORTS, Drill, EscalationPolicy, Level, PolicyStep, PromisedHours
from content.findings import ContentErrors, Finding
from content.packaged import PACKAGED
from content.strict_yaml import Document, Path_
from content.validation import shape

FILE = "escalation.yaml"
INTEGERS = frozenset({"within", "again", "after", "level", "day", "days", "told"})
FLAGS = frozenset({"everybody"})
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_SKILL = re.compile(r"[a-z][a-z0-9_]{1,30}")
_PARTS = ("hours", "posts", "needs", "skills", "sought", "drill", "levels")

SILENCE = 10
"""Minutes after her last word in which an answer to it may leave (safety rule 6)."""

_Minutes = Annotated[int, msgspec.Meta(ge=1)]


class _Level(msgspec.Struct, frozen=True):
    """A level as it is written: its hours by name, its steps not yet looked at."""

    within: _Minutes
    hours: str
    again: _Minutes
    everybody: bool
    steps: tuple[dict[str, Any], ...]
    told: tuple[Annotated[int, msgspec.Meta(ge=1)], ...] = ()


@cache
def escalation_policy() -> EscalationPolicy:
    """Return the policy as it ships, read once. Raises ContentErrors."""
    return packaged()


def packaged() -> EscalationPolicy:
    """Read the policy as it ships. Raises ContentErrors with everything that is wrong."""
    document = strict_yaml.read(PACKAGED / FILE, integers=INTEGERS, flags=FLAGS)
    findings: list[Finding] = []
    read = read_policy(document, findings)
    if read is None or findings:
        raise ContentErrors(findings)
    return read


def read_policy(document: Document | None, findings: list[Finding]) -> EscalationPolicy | None:
    """Return the policy of a file, or None with what is wrong added to `findings`."""
    if document is None:
        return None
    reader = _PolicyReader(document, findings)
    before = len(findings)
    made = reader.policy() if reader.has_all_parts() else None
    return made if len(findings) == before else None


class _PolicyReader:
    """Looks at one file and complains with the line."""

    def __init__(self, document: Document, findings: list[Finding]) -> None:
        self.document = document
        self.findings = findings
        self.given: Mapping[str, Any] = document.value if isinstance(document.value, dict) else {}

    def complain(self, path: Path_, message: str, remedy: str) -> None:
        self.findings.append(Finding(self.document.file, self.document.line(*path), message, remedy))

    def has_all_parts(self) -> bool:
        """Say whether every part is there, each of its kind, and nothing else."""
        kinds: dict[str, type] = dict.fromkeys(_PARTS, dict) | dict.fromkeys(("posts", "skills", "sought"), list)
        for name in sorted(set(self.given) - set(_PARTS)):
            self.complain((name,), f'unknown part "{name}"', f"use {', '.join(_PARTS)}")
        wrong = [name for name in _PARTS if not isinstance(self.given.get(name), kinds[name])]
        for name in wrong:
            kind = "a list" if kinds[name] is list else "a mapping"
            self.complain((name,), f'the part "{name}" is missing or is not {kind}', f"write {kind} under `{name}:`")
        return not wrong

    def policy(self) -> EscalationPolicy | None:
        posts, skills = tuple(self.given["posts"]), tuple(self.given["skills"])
        for n, skill in enumerate(skills):
            if not isinstance(skill, str) or not _SKILL.fullmatch(skill):
                self.complain(("skills", n), f"{skill!r} is not a skill", "use small letters, digits and _")
        for mark, skill in self.given["needs"].items():
            if skill not in skills:
                self.complain(("needs", mark), f'nobody can have the skill "{skill}"', "list it under `skills:`")
        for n, skill in enumerate(self.given["sought"]):
            if skill not in skills:
                self.complain(("sought", n), f'nobody can have the skill "{skill}"', "list it under `skills:`")
        if not posts or len(set(posts)) != len(posts) or not all(isinstance(post, str) for post in posts):
            self.complain(("posts",), "the posts are not different words", "list each once, first paged first")
        drill = self._drill()
        levels = dict(self._levels(posts, self._hours()))
        if drill is None or not levels:
            return None
        sought = tuple(self.given["sought"])
        return EscalationPolicy(posts, dict(self.given["needs"]), skills, sought, drill, levels)

    def _drill(self) -> Drill | None:
        drill = shape(Drill, self.document, ("drill",), self.given["drill"], self.findings)
        if drill is None:
            return None
        if drill.level not in LEVELS or drill.day not in range(1, 8) or not _CLOCK.fullmatch(drill.at):
            self.complain(("drill",), "the drill has no such level, day or time", 'level 1-4, day 1-7, at "HH:MM"')
        return drill

    def _hours(self) -> dict[str, PromisedHours]:
        hours: dict[str, PromisedHours] = {}
        for name, given in self.given["hours"].items():
            path = ("hours", name)
            made = shape(PromisedHours, self.document, path, given if isinstance(given, dict) else {}, self.findings)
            if made is None:
                continue
            if not made.days or not set(made.days) <= set(range(1, 8)):
                self.complain(path, f'the hours "{name}" have no such day', "list days from 1 (Monday) to 7")
            closes = _CLOCK.fullmatch(made.closes) or made.closes == "24:00"
            if not _CLOCK.fullmatch(made.opens) or not closes or made.opens >= made.closes:
                self.complain(path, f'the hours "{name}" do not open before they close', 'write "07:00" and "21:00"')
            hours[name] = made
        return hours

    def _levels(self, posts: tuple[str, ...], hours: Mapping[str, PromisedHours]) -> Iterator[tuple[int, Level]]:
        given = self.given["levels"]
        if set(given) != {str(level) for level in LEVELS}:
            self.complain(("levels",), "a level is missing or unheard of", 'list "1", "2", "3" and "4"')
        for name, entry in given.items():
            path = ("levels", name)
            made = shape(_Level, self.document, path, entry if isinstance(entry, dict) else {}, self.findings)
            if made is None or not name.isdigit():
                continue
            if made.hours not in hours:
                self.complain((*path, "hours"), f'there are no hours "{made.hours}"', f"use {', '.join(hours)}")
                continue
            steps = tuple(self._steps((*path, "steps"), made.steps, posts))
            self._check_order((*path, "steps"), steps)
            if list(made.told) != sorted(set(made.told)) or any(after >= SILENCE for after in made.told):
                remedy = f"list minutes below {SILENCE}, each later: after such a silence nothing of it may show"
                minutes = ", ".join(map(str, made.told))
                self.complain((*path, "told"), f"she would be told after {minutes} minutes", remedy)
            yield int(name), Level(made.within, hours[made.hours], made.again, made.everybody, steps, made.told)

    def _steps(self, path: Path_, given: tuple[dict[str, Any], ...], posts: tuple[str, ...]) -> Iterator[PolicyStep]:
        for n, entry in enumerate(given):
            step = shape(PolicyStep, self.document, (*path, n), entry, self.findings)
            if step is None:
                continue
            if step.post not in posts:
                self.complain((*path, n, "post"), f'there is no post "{step.post}"', f"use {', '.join(posts)}")
            for transport in step.transports:
                if transport not in TRANSPORTS:
                    self.complain(
                        (*path, n, "transports"), f'there is no transport "{transport}"', f"use {', '.join(TRANSPORTS)}"
                    )
            if "console" not in step.transports:
                self.complain(
                    (*path, n, "transports"), "the console is not told", "add console: it needs nobody's address"
                )
            yield step

    def _check_order(self, path: Path_, steps: tuple[PolicyStep, ...]) -> None:
        after = [step.after for step in steps]
        if not steps or after[0] != 0:
            self.complain(path, "nobody is paged at once", "let the first step be `after: 0`")
        if sorted(set(after)) != after:
            self.complain(path, "the steps do not follow each other", "sort them by `after:`, each later")
