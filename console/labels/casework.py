"""Labels of casework: progress, channel facts, and why something was not done."""

from __future__ import annotations

from console.labels import n_

STAGES = ("receive", "verify", "identify", "protect", "reintegrate")
"""The stages in their order; closing comes after any of them."""
TRANSFER_REASONS = {
    "absent": n_("Whoever has it is not there"),
    "shift_ends": n_("My shift ends"),
    "language": n_("Another language is needed"),
    "skill": n_("Another skill is needed"),
    "place": n_("Another place is closer"),
    "too_near": n_("I may know her or her family"),
    "her_wish": n_("She wishes somebody else"),
    "too_many": n_("I have too many cases"),
}
"""Why a case may be handed on; the code goes into the audit."""
NEEDS = {
    "safe_place": n_("A safe place"),
    "way_home": n_("The way home"),
    "health": n_("Health"),
    "somebody_who_listens": n_("Somebody who listens"),
    "legal": n_("Legal help"),
    "papers": n_("Papers"),
    "money_work": n_("Money or work"),
}
NEXT_STEPS = {
    "ask_how_she_is": n_("Ask how she is"),
    "talk_to_service": n_("Talk to a service, with her consent"),
    "go_along": n_("Go along with her"),
    "papers": n_("Papers"),
    "look_at_safety": n_("Look at her safety again"),
    "agree_check_ins": n_("Agree on check-ins"),
    "close": n_("Look whether the case can be closed"),
}
REACH = {
    "forced": n_("Her word for danger was written: somebody may hold this phone. Write nothing that shows this talk."),
    "blocked": n_("She blocked us or left the chat: nothing gets to her."),
    "stopped": n_("She asked us to stop: nothing gets to her until she writes again."),
    "closed": n_("The window is closed: nothing gets to her until she writes again."),
    "quiet": n_("She asked for quiet. Your answer is kept."),
    "kept": n_("Silent for 15 minutes or more. Your answer is kept until she writes."),
    "only_when_she_writes": n_("She chose: only after she writes. Nobody knocks."),
    "second_way": n_("Use the second way agreed with her in this talk. None agreed: wait for her, call nobody."),
    "second_number": n_("She agreed to be called on another number: it stands beside this talk, and only there."),
    "second_rests": n_("Her other number rests too, until she writes or a shift lead decides with you."),
    "no_second_way": n_("She agreed to no other way: wait until she writes, call nobody."),
}
CHIP = {
    "forced": n_("somebody may hold the phone"),
    "blocked": n_("nothing gets there"),
    "stopped": n_("she asked us to stop"),
    "closed": n_("the window is closed"),
    "quiet": n_("quiet"),
    "kept": n_("kept until she writes"),
    "console": n_("answered in Zalo"),
    "window": n_("%(span)s left"),
    "recall": n_("nothing can be taken back"),
    "delete": n_("can be taken back for %(hours)s hours"),
}
"""The facts of a channel in a few words, for the chip above the answer."""
WINDOW_CLOSES = n_("The window closes in %(span)s unless she writes.")
CONSOLE_SPOKE = n_("A colleague answered her in Zalo's own console: the bot leaves her plain words alone until %(at)s.")
CHANNEL_LENGTH = n_("One message holds %(most)s characters; a longer answer is cut, and you see how before it goes.")
NO_RECALL = n_("Nothing can be taken back on this channel, not even by us.")
CAN_TAKE_BACK = n_("We can delete our messages for %(hours)s hours; what she has read, she has read.")
NOT_REACHED = n_(
    "Nothing was sent: she blocked us or left the chat. Your words are kept. Use the second way agreed with her."
)
NOT_REACHED_STOPPED = n_(
    "Nothing was sent: she asked us to stop. Your words are kept until she writes again, or use the second way agreed."
)
NOT_CARRIED = {
    "kind": n_("Nothing was sent: a file of this kind is not taken. A photo (JPEG, PNG, WebP) or a PDF is."),
    "broken": n_("Nothing was sent: this picture is damaged. Open and save it once more, then choose it again."),
    "large": n_("Nothing was sent: the file is larger than 5 MB. Make it smaller, then choose it again."),
    "pixels": n_("Nothing was sent: this picture is too large. Make it smaller, then choose it again."),
    "sound": n_("Nothing was sent: a sound cannot go along. Write it, or choose a picture."),
    "words": n_("Nothing was sent: this document tells who wrote it and what was struck out. Save it as a PDF first."),
    "format": n_("Nothing was sent: this channel takes photos as JPEG or PNG only. Save it as one of them."),
    "photo_large": n_("Nothing was sent: this channel takes photos up to 1 MB. Make it smaller, then choose it again."),
    "no_files": n_("Nothing was sent: this channel carries no documents. Choose a photo of it."),
    "later": n_("Nothing was sent: the file cannot be looked at just now. Choose it again in a minute."),
    "file_large": n_("Nothing was sent: this channel takes no document of that size. Make it smaller."),
}
"""Why a file does not go along, in one sentence."""
AS_IT_GOES = {
    "photo": n_(
        "The photo goes without place, time and maker. Whoever opens the talk sees it, and it cannot be undone."
    ),
    "photo.covered": n_("The photo goes without place, time and maker, and comes covered: it shows after a tap."),
    "photo.link": n_(
        "The photo goes without place, time and maker. %(channel)s fetches it from an address that lives an hour, "
        "and it cannot be undone."
    ),
    "file": n_(
        "This PDF goes as it is: it may say who made it and where. If that must not be known, send a photo of it."
    ),
}
"""What must be known of a file before it goes: by kind, and by how it travels where that differs."""
GOES_ALONG = n_("A photo (%(formats)s, up to %(photo)s MB) or a PDF (up to %(file)s MB) can go along.")
ONLY_A_PHOTO_GOES_ALONG = n_("A photo (%(formats)s, up to %(photo)s MB) can go along, no document.")
ATTACHED = {
    "waiting": n_("Something came with it and is being fetched."),
    "over": n_("What came with it is not kept any more."),
    "kind": n_("Something came with it that is not taken here, such as a film."),
    "broken": n_("A damaged picture came with it and is not kept."),
    "large": n_("Something larger than 5 MB came with it and is not kept."),
    "pixels": n_("A picture that is too large came with it and is not kept."),
    "lost": n_("Something came with it that could not be fetched."),
    "many": n_("Something came with it, but too many came within a day."),
}
"""What is said in the place of an attachment: its state, or the reason why nothing of it is kept."""
LANES = {
    "mine": n_("Mine"),
    "level-4": n_("In danger now, nobody has taken it"),
    "level-3": n_("Urgent, nobody has taken it"),
    "level-2": n_("Needs help, nobody has taken it"),
    "drills": n_("Drill"),
    "colleagues": n_("With colleagues"),
    "unanswered": n_("May need help: asked, and silent since"),
}
"""Lanes of the desk by their key."""
SHOWN = {"all": n_("All"), "mine": n_("Mine"), "late": n_("Late")}
"""What the lanes are narrowed to."""
ASKED = {
    "help": n_("asked for a person"),
    "danger": n_("was asked about danger"),
    "silent": n_("called without words"),
}
"""What came last from somebody who has not written since."""
