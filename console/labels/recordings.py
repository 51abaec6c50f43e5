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
