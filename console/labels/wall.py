"""Labels of the wall of the shift."""

from __future__ import annotations

from console.labels import n_

FREE = {
    4: n_("Danger now, not taken"),
    3: n_("Urgent, not taken"),
    2: n_("Needs help, not taken"),
}
"""Tiles of what nobody has taken, by level."""
UNANSWERED = n_("Taken, waits for an answer")
SHORT_WAYS = {"chat": n_("chat"), "mail": n_("e-mail"), "hook": n_("call or SMS")}
"""What somebody is called by, in few words."""
