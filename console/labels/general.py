"""What the codes of the store are called on a page. English is the message id; the catalogues translate."""

from __future__ import annotations


def n_(message: str) -> str:
    """Mark a text for the catalogue; it is translated where it is shown."""
    return message


ROLES = {
    "admin": n_("Administrator"),
    "counsellor": n_("Counsellor"),
    "shift_lead": n_("Shift lead"),
    "auditor": n_("Auditor"),
    "commune_staff": n_("Commune staff"),
    "case_worker": n_("Case worker"),
    "content_reviewer": n_("Content reviewer"),
    "prov_admin": n_("Province"),
}
LEVELS = {
    4: n_("Danger now"),
    3: n_("Urgent"),
    2: n_("Needs help"),
    1: n_("At risk"),
}
POSTS = {
    "on_call": n_("On call"),
    "second": n_("Second on call"),
    "shift_lead": n_("Shift lead"),
    "programme_manager": n_("Programme manager"),
    "all": n_("Everybody on duty"),
    "": n_("Nobody yet"),
}
SKILLS = {
    "child": n_("Children"),
    "osso": n_("One-stop office for returnees"),
    "peace_house": n_("Peace House"),
    "desk_111": n_("111 desk"),
}
WAYS = {"chat": n_("Your own Telegram or Zalo"), "mail": n_("E-mail"), "hook": n_("Call or SMS through the gateway")}
STATES = {
    "receive": n_("Received"),
    "verify": n_("Verifying"),
    "identify": n_("Identifying"),
    "protect": n_("Protecting"),
    "reintegrate": n_("Reintegrating"),
    "closed": n_("Closed"),
}
CHANNELS = {"telegram": "Telegram", "zalo_oa": "Zalo", "zalo_bot": "Zalo"}
PLACES = {"vn": n_("In Viet Nam"), "abroad": n_("Abroad"), "": n_("Place unknown")}
FLAGS = {
    "abroad": n_("Abroad"),
    "watched": n_("Perhaps watched"),
    "voice": n_("Sent a voice message"),
    "child": n_("Perhaps a child"),
    "suicidal": n_("Suicide risk"),
    "duress": n_("Perhaps forced to write"),
    "under_16": n_("Under 16"),
    "shelter": n_("Asks for a safe place"),
    "returned": n_("Has come home"),
    "lang": n_("Another language"),
}
NOTES = {
    "console": n_("In Zalo's own console"),
    "knock": n_("Knocked"),
    "where": n_("Where she is"),
    "contact": n_("How to write to her"),
    "left": n_("She left"),
    "age": n_("Age"),
    "wish": n_("What she wishes"),
    "who": n_("For whom"),
    "need": n_("Needs first"),
    "despair": n_("Thinks of harming herself"),
    "near": n_("Somebody is near"),
    "means_away": n_("Means put away"),
    "word": n_("Which of her words"),
    "call": n_("She called"),
    "reacted": n_("Reacted to a message"),
    "came": n_("Came without words"),
}
HER_ACTS = frozenset({"came", "reacted", "call"})
"""Notes of what she did without words: shown among her lines."""
NOTE_VALUES = {
    "spoke": n_("a colleague answered her there"),
    "sent": n_("one neutral line, without content"),
    "vn": n_("In Viet Nam"),
    "abroad": n_("Abroad"),
    "unknown": n_("Not said"),
    "here": n_("Here in the chat"),
    "only_when_i_write": n_("Only after she writes"),
    "stop": n_("Asked us to stop"),
    "quick_exit": n_("Left in a hurry"),
    "forget": n_("To be forgotten"),
    "self": n_("Herself"),
    "someone_else": n_("Somebody else"),
    "under_16": n_("Under 16"),
    "from_16": n_("16 or 17"),
    "adult": n_("18 or older"),
    "shelter": n_("A safe place"),
    "home": n_("The way home"),
    "clinic": n_("A doctor"),
    "listener": n_("Somebody who listens"),
    "law": n_("Advice on the law"),
    "papers": n_("Papers"),
    "living": n_("Money or work"),
    "yes": n_("Yes"),
    "no": n_("No"),
    "unsure": n_("Does not know, or did not say"),
    "skip": n_("Not said"),
    "own": n_("Her own word: it is her"),
    "duress": n_("Her word for danger: somebody may force her"),
    "missed": n_("nobody could take it; she was told that messages are read"),
    "taken": n_("somebody took the call"),
    "heart": n_("a heart"),
    "thumb": n_("a thumb up"),
    "smile": n_("a smile"),
    "surprise": n_("surprise"),
    "tears": n_("tears"),
    "anger": n_("anger"),
    "other": n_("something else"),
    "sticker": n_("a sticker"),
    "contact": n_("somebody's number; it is not kept"),
    "location": n_("a place that could not be read"),
    "image": n_("a picture that did not arrive"),
    "voice": n_("a voice message that did not arrive"),
    "file": n_("a file that did not arrive"),
}
STATUSES = {
    "ready": n_("Leaving"),
    "sending": n_("Leaving"),
    "sent": n_("On her phone"),
    "unknown": n_("Perhaps delivered"),
    "deferred": n_("Waits"),
    "deferred:kept": n_("Kept until she writes"),
    "deferred:held": n_("Waits: nothing is sent now"),
    "dead": n_("Not delivered"),
    "withheld": n_("Not sent"),
    "withheld:too_late": n_("Not sent: too late"),
    "withheld:unreachable": n_("Not sent: she cannot be reached"),
    "withheld:stopped": n_("Not sent: she asked us to stop"),
    "withheld:quiet": n_("Not sent: she asked for quiet"),
    "withheld:lock_screen": n_("Not sent: it would betray her on the lock screen"),
}
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
RECORDING_STATES = {"recorded": n_("Waits for its review"), "approved": n_("Heard")}
RECORDING_REASONS = {
    "words": n_("Other words"),
    "noise": n_("Too noisy"),
    "intro": n_("Opening words missing"),
    "voice": n_("Too quiet or too fast"),
}
TIP_STATES = {"new": n_("Not read yet"), "read": n_("Read"), "passed_on": n_("Passed on")}
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
}
TASK_REASONS = {
    "late": n_("Too late to be asked in her hours. Use the second way agreed with her."),
    "not_sent": n_("The question did not leave. Use the second way agreed with her."),
    "missed": n_("No answer for a day. Use the second way agreed with her; send nobody to her house."),
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
    "withdrawal.told": n_(
        "Zalo reports that somebody took back the permission for her data. Decide today whether she is forgotten."
    ),
}
REASONS = {
    "answered": n_("Answered, nothing more to do"),
    "referred": n_("Handed to another service, with her consent"),
    "safe": n_("She says she is safe"),
    "no_answer": n_("She no longer answers"),
    "mistake": n_("Not a cry for help"),
}
"""Why a case may be closed; the code goes into the audit."""
ACTIONS = {
    "case.transferred": n_("Case handed on"),
    "case.moved": n_("Stage changed"),
    "case.needs": n_("Needs written down"),
    "case.next_step": n_("Next step written down"),
    "case.commune": n_("Her commune's staff allowed or not"),
    "case.noted": n_("Private note written"),
    "case.knocked": n_("Knocked once"),
    "case.opened": n_("Case opened"),
    "case.read": n_("Case read"),
    "case.attachment_read": n_("Attachment opened"),
    "case.acknowledged": n_("Case taken"),
    "case.answered": n_("Case answered"),
    "case.closed": n_("Case closed"),
    "referral.asked": n_("She was asked about a service"),
    "referral.duty": n_("Prepared without asking her, by duty"),
    "referral.confirmed": n_("Confirmed by a second person"),
    "referral.handed": n_("Handed over to a service"),
    "referral.receipt": n_("Receipt kept"),
    "referral.taken_back": n_("Her yes was taken back"),
    "staff.created": n_("Member added"),
    "staff.disabled": n_("Member shut out"),
    "staff.signed_in": n_("Signed in"),
    "staff.signed_out": n_("Signed out"),
    "staff.login_failed": n_("Sign-in failed"),
    "person.forgotten": n_("A person was forgotten"),
    "house.backed_up": n_("A backup was made"),
    "house.restored": n_("A backup was restored"),
    "house.released": n_("The hold was ended"),
    "roster.added": n_("Put on the roster"),
    "roster.removed": n_("Taken off the roster"),
    "ladder.rung": n_("Staff were called"),
    "drill.began": n_("A drill began"),
    "drill.missed": n_("Nobody took a drill"),
    "drill.acknowledged": n_("A drill was taken"),
    "contact.invited": n_("Code for her phone made"),
    "contact.bound": n_("A way to her was bound"),
    "contact.removed": n_("A way to her was removed"),
    "plan.started": n_("Check-ins started"),
    "plan.read": n_("Check-ins read"),
    "plan.paused": n_("Check-ins rest"),
    "plan.active": n_("Check-ins go on"),
    "plan.stopped": n_("Check-ins ended"),
    "task.done": n_("Task done"),
    "group.created": n_("Group registered"),
    "group.invited": n_("Code made"),
    "group.chat_bound": n_("Group chat bound"),
    "card.approved": n_("Card approved"),
    "card.recalled": n_("Card recalled"),
    "card.put_back": n_("Card put back"),
    "broadcast.proposed": n_("Broadcast proposed"),
    "broadcast.approved": n_("Broadcast approved"),
    "broadcast.refused": n_("Broadcast refused"),
    "broadcast.pause": n_("Broadcast paused"),
    "broadcast.resume": n_("Broadcast resumed"),
    "broadcast.stop": n_("Broadcast stopped"),
    "speaker.invited": n_("Speaker invited"),
    "recording.approved": n_("Recording approved"),
    "recording.published": n_("Recording is heard"),
    "recording.refused": n_("Recording refused"),
    "recording.retired": n_("Recording silenced"),
    "tip.read": n_("Tip read"),
    "tip.passed_on": n_("Tip passed on"),
    "question.passed": n_("Question let through"),
    "question.refused": n_("Question kept out"),
    "staff.languages": n_("Languages of a member changed"),
    "staff.scope": n_("Area of a member changed"),
}
META = {
    "to": n_("to"),
    "from": n_("from"),
    "stage": n_("stage"),
    "needs": n_("needs"),
    "step": n_("next step"),
    "allowed": n_("allowed"),
    "level": n_("level"),
    "reason": n_("reason"),
    "duty": n_("turn"),
    "rung": n_("rung"),
    "people": n_("people"),
    "way": n_("way"),
    "steps": n_("askings"),
    "kind": n_("kind"),
    "cases": n_("cases"),
    "messages": n_("messages"),
    "service": n_("service"),
    "fields": n_("things told"),
    "basis": n_("because of"),
    "by": n_("by"),
    "scope": n_("area"),
}
HELD = n_(
    "Held since %(since)s: nothing is sent, not even answers. What people write is kept. The technician lets it go."
)
EMPTY_ANSWER = n_("The answer is empty.")
TOO_LONG_ANSWER = n_("The answer is too long: keep it under 6,000 characters.")
NOT_YOURS = n_("This case is not in your hands now. Nothing was sent.")
SEALED = n_("This case is not sealed to you.")
NO_CASE = n_("There is no such case.")
WRONG_LOGIN = n_("The name or the passphrase is not right.")
TOO_OFTEN = n_("Too many attempts. Try again in %(seconds)s seconds.")
NO_RIGHT = n_("Your role does not open this page.")
TAKEN = n_("Somebody else has just taken this case.")
ENDED = n_("You were signed out. New cries no longer reach this screen: sign in again.")
EXPIRED = n_("You were signed out. Sign in again; what you wrote was not sent.")
FAILED = n_("Something went wrong here. Look whether your last step was done, then try again.")
OUT_OF_SCOPE = n_("Nothing was changed: this lies outside the area you work for. Ask a colleague who works there.")
NOT_HERS = n_("Nothing was changed: this task is for somebody else to do.")
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
NO_SPEAKER = n_("No code was made: choose a language and give an alias of 2 to 40 letters, never a name.")
NO_ATTACHMENT = n_("This is not kept any more, or it never was.")
NO_RECORDING = n_("There is no such recording, or its sound is gone.")
NOT_GIVEN = n_("You may not judge this: it is in a language you were not given.")
NOT_REVIEWED = n_(
    "Nothing was changed: it was dealt with already, its card has new words, or a second person must listen."
)
NO_PLAN = n_("There is no such plan, or somebody else carries it.")
WRONG_DAYS = n_("Choose two days.")
NO_COVER = n_("Choose one of the first lines.")
NOT_STARTED = n_("It was not started: the days must be different and still to come, and she must have agreed.")
PLAN_MOVED = n_("This plan has changed meanwhile. Look at it again.")
TASK_DONE = n_("Somebody else has just done this.")
TIP_MOVED = n_("Somebody else has just said this of the tip, or it is too old.")
QUESTION_MOVED = n_("Nothing was changed: the question was dealt with already, or its words are missing or too many.")
NO_TURN = n_("Nothing was written down: choose somebody, an end after the beginning, and skills that are listed.")
NO_ADDRESS = n_("Nothing was kept: give an e-mail address, or the number by which the gateway knows you.")
NO_PAGE = n_("There is no such page.")
