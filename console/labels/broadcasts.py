"""Labels of groups, cards and broadcasts: states, review gates, and why something was not done."""

from __future__ import annotations

from console.labels import n_

CODES = {
    "audience": n_("Code for the poster"),
    "member": n_("Code for a member"),
    "chat": n_("Code for the group chat"),
}
CARD_STATES = {"draft": n_("Draft"), "reviewed": n_("Reviewed"), "approved": n_("Approved"), "recalled": n_("Recalled")}
GATES = {
    "safety": n_("safety review open"),
    "legal": n_("legal review open"),
    "language": n_("language review open"),
    "fact": n_("facts to check"),
    "audio": n_("no sound yet"),
    "draft": n_("still a draft"),
    "overdue": n_("overdue for review"),
    "unread": n_("no public source was read"),
    "uncalled": n_("nobody has called the number to test it"),
    "stale": n_("the last test call is too old"),
    "recalled": n_("recalled"),
}
BROADCAST_STATES = {
    "proposed": n_("Waits for a second person"),
    "sending": n_("On its way"),
    "paused": n_("Paused"),
    "stopped": n_("Stopped"),
    "refused": n_("Refused"),
    "done": n_("Done"),
}
