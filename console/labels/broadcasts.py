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
NO_COMMUNE = n_("No commune of your area is called that. Write its name and its province: Na Sang, Điện Biên.")
WHICH_COMMUNE = n_("Several communes are called that: choose one.")
NO_GROUP = n_("Nothing was registered: give a name of 3 to 60 characters and a commune.")
NOT_RECALLED = n_(
    "Nothing was recalled: choose a card, say in one line why, and name a card that can be shown instead, or none."
)
NO_CARD = n_("There is no such card, or it was recalled.")
GATES_OPEN = n_("Nothing was changed: this card may not be sent to people yet. Still open: %(gates)s.")
NO_BROADCAST = n_("There is no such broadcast in your area, or its words were changed.")
NOT_PROPOSED = n_("Nothing was proposed: the words must be approved, and fit one message everywhere.")
NOT_DECIDED = n_("Not decided: a second person of the province must do it, within a day, on exactly these words.")
NOT_STEERED = n_("This broadcast is not on its way any more.")
