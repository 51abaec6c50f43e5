"""Labels of check-ins and tasks: states, answers, and why something was not done."""

from __future__ import annotations

from console.labels import n_

PLAN_STATES = {
    "agreed": n_("Agreed, not started"),
    "active": n_("Running"),
    "paused": n_("Resting"),
    "stopped": n_("Ended"),
    "done": n_("Ended"),
}
STEP_STATES = {
    "planned": n_("Planned"),
    "asked": n_("Asked"),
    "opened": n_("She is answering"),
    "answered": n_("Answered"),
    "flagged": n_("Hard: a case was opened"),
    "handed": n_("Handed to a person"),
    "cancelled": n_("Taken back"),
}
ANSWERS = {"good": n_("Good"), "so_so": n_("So-so"), "hard": n_("Hard"), "skip": n_("Skipped")}
TASKS = {
    "check_in": n_("Check-in"),
    "answer": n_("Kept answer"),
    "due": n_("Look into it"),
    "receipt": n_("Handed on"),
    "tip": n_("Tip"),
    "question": n_("Questions for the meeting"),
    "broadcast": n_("Broadcast"),
    "call": n_("A call"),
    "event": n_("Something unknown"),
    "withdrawal": n_("Permission taken back"),
    "notice": n_("Tell her of help"),
    "group": n_("A group's chat"),
}
TASK_REASONS = {
    "late": n_("Too late to be asked in her hours. Use the second way agreed with her."),
    "not_sent": n_("The question did not leave. Use the second way agreed with her."),
    "missed": n_("No answer for a day. Use the second way agreed with her; send nobody to her house."),
    "answered_late": n_("She answered with her word after more than a day. Read it before you look for her."),
    "notice_due": n_("Help was called without her yes: tell her, or two people say that this is not safe."),
    "no_receipt": n_("No receipt has come from the service: ask who took it, and write it down."),
    "not_arrived": n_("The request did not reach the service: call it, or hand over the sheet."),
    "taken_back": n_("She took her yes back after it was handed over: tell the service to destroy it."),
    "kept": n_("She did not come back for an answer in seven days."),
    "tip.waits": n_("Somebody reported something. Read it and pass it on."),
    "question.waits": n_("Questions for a meeting wait to be read."),
    "gates": n_("A broadcast was paused: a review or a fact of its card is open again. Its page says which."),
    "call.missed": n_("Somebody called on Zalo and nobody could take it. She was told that messages are read."),
    "call.unknown": n_("Somebody called on Zalo by phone number. Nobody could be answered."),
    "event.unknown": n_(
        "Something came that nobody here knows. It is kept for 14 days and was not answered: tell the technician."
    ),
    "group.left": n_(
        "This group has put the bot out of its chat: no card gets there. Ask them; a new code binds it again."
    ),
    "group.muted": n_("This group lets the bot write no more: no card gets there. Ask them to allow it again."),
    "group.refused": n_(
        "A card did not reach this group's chat. Ask them whether the bot is still there and may write."
    ),
    "withdrawal.wish": n_(
        "She asks in the chat to be forgotten while her case is open: read what waits, then decide in time. Whoever "
        "holds her phone may have written it."
    ),
    "withdrawal.case": n_(
        "Zalo reports that somebody with an open case took back the permission for her data: decide in time whether "
        "she is forgotten. Nothing is sent to her until she writes."
    ),
}
