"""Texts of the page of approvals."""

from __future__ import annotations

from console.labels import n_

KINDS = {
    "level": n_("Lower the level of a case"),
    "referral": n_("Hand a person on to a service"),
    "broadcast": n_("Send a broadcast"),
    "help": n_("Call help without her yes"),
    "notice": n_("Not tell her of help"),
    "export": n_("Take records as a file"),
}
"""What is asked for, by the kind of the approval."""
