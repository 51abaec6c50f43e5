"""Labels of corrections: what staff change in a case by hand, and why."""

from __future__ import annotations

from console.labels import n_

RAISE_REASONS = {
    "violence": n_("Violence now, or about to happen"),
    "self_harm": n_("May harm herself"),
    "held": n_("Held, cannot leave"),
    "taken_away": n_("Is being taken away"),
    "child": n_("A child is in danger"),
    "other": n_("Another danger"),
}
LOWER_REASONS = {
    "says_safe": n_("Says that she is safe now"),
    "helped": n_("Help is with her"),
    "misheard": n_("The machine misunderstood"),
    "past": n_("It was about something past"),
}
LEVEL_REASONS = RAISE_REASONS | LOWER_REASONS
"""Why a level is changed; the code goes into the audit."""
FACTS = {"place": n_("Place"), "age": n_("Age"), "language": n_("Language"), "marks": n_("Marks")}
AGES = {"under_16": n_("Under 16"), "from_16": n_("16 or 17"), "adult": n_("18 or older")}
AGE_UNKNOWN = n_("Not known")
NO_MARKS = n_("None")
CHANGES = {
    "level": n_("%(alias)s: level %(old)s to %(new)s"),
    "lower": n_("%(alias)s asks to lower level %(old)s to %(new)s; it stays until a second person confirms"),
    "lowered": n_("%(alias)s confirmed: level %(old)s to %(new)s"),
    "lower_declined": n_("%(alias)s: level %(old)s stays"),
    "put_back": n_("%(alias)s put the case back: it waits for whoever takes it"),
    "assigned": n_("%(alias)s gave the case to %(new)s"),
    "place": n_("%(alias)s corrected the place: %(old)s → %(new)s"),
    "age": n_("%(alias)s corrected the age: %(old)s → %(new)s"),
    "language": n_("%(alias)s corrected the language: %(old)s → %(new)s"),
    "mark_on": n_("%(alias)s set the mark: %(new)s"),
    "mark_off": n_("%(alias)s took the mark away: %(old)s"),
    "report": n_("%(alias)s wrote down that the report of the child was taken: %(new)s"),
    "help_asked": n_("%(alias)s asks to call %(new)s without her yes. Before: %(old)s"),
    "help_confirmed": n_("%(alias)s agreed as a second person: %(new)s may be called"),
    "help_declined": n_("%(alias)s said no: %(new)s is not called"),
    "help_taken_back": n_("%(alias)s took back: %(new)s is not called"),
    "notice_told": n_("%(alias)s wrote down that she was told of the call to %(new)s"),
    "notice_unsafe_asked": n_("%(alias)s says that it is not safe to tell her of the call to %(new)s"),
    "notice_unsafe": n_("%(alias)s agreed: she is not told of the call to %(new)s"),
    "notice_goes_on": n_("%(alias)s: she is to be told of the call to %(new)s"),
    "lower_over": n_("Nobody confirmed in time: level %(old)s stays"),
}
"""What a line says of a change: by whom, from what to what."""
