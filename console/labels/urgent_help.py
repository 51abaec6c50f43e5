"""Labels of urgent help: how far it is, and the notice to her."""

from __future__ import annotations

from console.labels import n_

STATES = {
    "asked": n_("Waits for a second person"),
    "confirmed": n_("Two people have agreed"),
    "declined": n_("A second person said no"),
    "taken_back": n_("Taken back"),
}
NOTICES = {
    "due": n_("She has still to be told"),
    "told": n_("She was told"),
    "unsafe_asked": n_("Perhaps not safe to tell her: a second person decides"),
    "unsafe": n_("Not told: two people say that it is not safe"),
}
