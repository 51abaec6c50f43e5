"""A record of the audit in words: who, what, about what, with which details; ids are named as they are called now."""

from __future__ import annotations

from console.labels import audit as audit_labels
from console.web.request import PageRequest
from store.audit import AuditRecord
from store.audit_search.names import AuditNames

_LONG_ID = 36


class AuditWords:
    """Puts records into the reader's language."""

    def __init__(self, page: PageRequest, names: AuditNames) -> None:
        self.page, self.names = page, names

    def actor(self, record: AuditRecord) -> str:
        """Who did it: a member by alias, or the part of the service."""
        known = self.names.members.get(record.actor)
        return known or self.page.l10n.name(audit_labels.ACTORS, record.actor)

    def act(self, record: AuditRecord) -> str:
        """What was done."""
        return self.page.l10n.name(audit_labels.ACTIONS, record.action)

    def about(self, record: AuditRecord) -> str:
        """What it was done to; a case that was forgotten has no name any more."""
        code, kind = record.object, record.action.partition(".")[0]
        named = self.names.members.get(code) or self.names.cases.get(code)
        named = named or self._kinds().get(kind, {}).get(code)
        if named:
            return named
        if len(code) == _LONG_ID:
            return self.page.translate(audit_labels.FORGOTTEN_CASE, code=code[:8])
        if kind == "card":
            return self.page.card(code)
        if code.startswith("drill-"):
            return self.page.translate(audit_labels.DRILL, number=code.removeprefix("drill-"))
        if code.isdecimal() and kind in audit_labels.NUMBERED:
            return self.page.translate(audit_labels.NUMBERED[kind], number=code)
        return self.page.l10n.name(audit_labels.OBJECTS, code)

    def _kinds(self) -> dict[str, dict[str, str]]:
        return {"plan": dict(self.names.plans), "group": dict(self.names.groups)}

    def details(self, record: AuditRecord) -> str:
        """The small codes beside it."""
        return self.page.l10n.details(record.meta, self.names.members)
