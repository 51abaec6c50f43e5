"""Labels of a child's case: its report, the receipt, and the form that is handed over."""

from __future__ import annotations

from console.labels import n_

WAITING = n_("Report to %(number)s by %(at)s")
LATE = n_("Report to %(number)s: late since %(at)s")
MISSING = n_("Report of a child not taken")
"""The tile of the wall."""
TRAINED = n_("Nobody trained for children has it")
ROW_WAITING, ROW_LATE = n_("%(number)s by %(at)s"), n_("%(number)s: late since %(at)s")
ROW_TRAINED = n_("nobody trained for children")
"""The same in the few words of a row."""
