"""Labels of referrals: states, fields, transports, and why something was not done."""

from __future__ import annotations

from console.labels import n_

FIELDS = {
    "place": n_("Province or country"),
    "age": n_("Age"),
    "who": n_("For whom"),
    "needs": n_("Needs"),
    "danger": n_("Urgency"),
    "language": n_("Language"),
    "number": n_("Her other number"),
}
"""What a service may be told; her own words for them are cards (`referral.field.…`)."""
STATES = {
    "asked": n_("She was asked"),
    "agreed": n_("She said yes"),
    "confirmed": n_("Confirmed by a second person"),
    "handed": n_("Handed over"),
    "declined": n_("She said no"),
    "withdrawn": n_("She took her yes back"),
}
BASES = {
    "consent": n_("Her consent"),
    "child": n_("Duty for a child under 16"),
    "life": n_("Her life is in danger"),
    "no_consent": n_("Two people of ours, without her yes"),
}
WAYS = {
    "sheet": n_("Printed sheet"),
    "file": n_("Encrypted file"),
    "hook": n_("Signed request"),
    "form": n_("Form 01, printed"),
}
FOR_LIFE = n_("Help when her life is in danger")
NOTES = {
    "talk": n_("The talk on her phone"),
    "share": n_("What may be told to a service"),
    "receipt": n_("Receipt"),
    "told": n_("She was told"),
}
NOTE_VALUES = {
    "agreed": n_("she said yes"),
    "declined": n_("she said no"),
    "withdrawn": n_("she took her yes back"),
    "cleaned": n_("deleted, ours and hers, as far as the channel can"),
    "signed": n_("signed by the service"),
    "hotline": n_("that nobody has come yet, and who answers now"),
    "another_number": n_("By a call to another number"),
}
FROM, COUNSELLOR = n_("From"), n_("Counsellor")
OFFICE_PHONE, PRINTED = n_("Telephone of the office"), n_("Printed")
"""Who hands somebody on and when, on the sheet."""
