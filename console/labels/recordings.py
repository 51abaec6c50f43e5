"""Labels of recordings: states, reasons of a refusal, and why a card is recorded first."""

from __future__ import annotations

from console.labels import n_

RECORDING_STATES = {"recorded": n_("Waits for its review"), "approved": n_("Heard")}
RECORDING_REASONS = {
    "words": n_("Other words"),
    "noise": n_("Too noisy"),
    "intro": n_("Opening words missing"),
    "voice": n_("Too quiet or too fast"),
}
FIRST_REASONS = {
    "everybody": n_("Everybody hears it"),
    "human": n_("On the way to a human"),
    "talk": n_("A talk of the first page"),
}
