"""Labels of recordings: states, reasons of a refusal, and why something was not done."""

from __future__ import annotations

from console.labels import n_

RECORDING_STATES = {"recorded": n_("Waits for its review"), "approved": n_("Heard")}
RECORDING_REASONS = {
    "words": n_("Other words"),
    "noise": n_("Too noisy"),
    "intro": n_("Opening words missing"),
    "voice": n_("Too quiet or too fast"),
}
NO_SPEAKER = n_("No code was made: choose a language and give an alias of 2 to 40 letters, never a name.")
NO_RECORDING = n_("There is no such recording, or its sound is gone.")
NOT_GIVEN = n_("You may not judge this: it is in a language you were not given.")
NOT_REVIEWED = n_(
    "Nothing was changed: it was dealt with already, its card has new words, or a second person must listen."
)
