"""Labels that several features share: roles, levels, states of a case, and what every page may have to say."""

from __future__ import annotations

from console.labels import n_

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
    "coded": n_("In code, garden or market (not confirmed)"),
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
    "edited": n_("Changed an earlier message"),
}
PERSON_ACTS = frozenset({"came", "reacted", "call", "edited"})
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
    "text": n_("its new words stand below, the old ones further up"),
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
TIP_STATES = {"new": n_("Not read yet"), "read": n_("Read"), "passed_on": n_("Passed on")}
REASONS = {
    "answered": n_("Answered, nothing more to do"),
    "referred": n_("Handed to another service, with her consent"),
    "safe": n_("She says she is safe"),
    "no_answer": n_("She no longer answers"),
    "mistake": n_("Not a cry for help"),
}
"""Why a case may be closed; the code goes into the audit."""
HELD = n_(
    "Held since %(since)s: nothing is sent, not even answers. What people write is kept. The technician lets it go."
)
NO_RIGHT = n_("Your role does not open this page.")
ENDED = n_("You were signed out. New cries no longer reach this screen: sign in again.")
EXPIRED = n_("You were signed out. Sign in again; what you wrote was not sent.")
FAILED = n_("Something went wrong here. Look whether your last step was done, then try again.")
NO_PAGE = n_("There is no such page.")
