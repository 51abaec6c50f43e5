"""Refusals: every reason for which an operation is not done, by its code; the sentences stand in the content."""

from __future__ import annotations

from enum import Enum, StrEnum


class Kind(Enum):
    """What a refusal says of the request, whatever the edge makes of it (a page a status, a command its exit)."""

    MISSING = "missing"
    """What it is about is not there."""
    DENIED = "denied"
    """It is there, but not for this member."""
    CONFLICT = "conflict"
    """It could be done, not as things stand now."""
    INVALID = "invalid"
    """Something was chosen or typed that cannot be."""


class Refusal(StrEnum):
    """A reason; its value is its key in `content/data/refusals.yaml`."""

    kind: Kind

    def __new__(cls, code: str, kind: Kind) -> Refusal:
        """Make a member: its value is the code alone."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.kind = kind
        return member

    # about a case
    CASE_NOT_FOUND = "case_not_found", Kind.MISSING
    CASE_NOT_SEALED = "case_not_sealed", Kind.DENIED
    CASE_CLOSED = "case_closed", Kind.CONFLICT
    CASE_NOT_YOURS = "case_not_yours", Kind.CONFLICT
    CASE_TAKEN = "case_taken", Kind.CONFLICT
    UNANSWERED_GONE = "unanswered_gone", Kind.CONFLICT
    DRILL_TAKEN = "drill_taken", Kind.CONFLICT
    CLOSING_REASON_UNKNOWN = "closing_reason_unknown", Kind.INVALID
    CASE_WAITS = "case_waits", Kind.CONFLICT
    CASE_OPEN = "case_open", Kind.CONFLICT
    REOPEN_FORGET = "reopen_forget", Kind.CONFLICT
    REOPEN_NOT_NOW = "reopen_not_now", Kind.CONFLICT
    STAGE_SKIPPED = "stage_skipped", Kind.INVALID
    STAGE_MOVED = "stage_moved", Kind.CONFLICT
    NEED_UNKNOWN = "need_unknown", Kind.INVALID
    NEXT_STEP_INVALID = "next_step_invalid", Kind.INVALID
    NOTE_LENGTH = "note_length", Kind.INVALID
    TRANSFER_REASON_UNKNOWN = "transfer_reason_unknown", Kind.INVALID
    TRANSFER_NOT_YOURS = "transfer_not_yours", Kind.CONFLICT
    TRANSFER_NOT_TO = "transfer_not_to", Kind.INVALID
    TAKE_OVER = "take_over", Kind.CONFLICT
    ASSIGN_NOT_LEAD = "assign_not_lead", Kind.DENIED
    ASSIGN_NOT_TO = "assign_not_to", Kind.INVALID
    CHANGE_WORDS_LENGTH = "change_words_length", Kind.INVALID
    CORRECTION_CHOICE = "correction_choice", Kind.INVALID
    PLACE_TOO_NEAR = "place_too_near", Kind.CONFLICT
    PLACE_COMMUNE_UNKNOWN = "place_commune_unknown", Kind.INVALID
    PLACE_COMMUNE_MANY = "place_commune_many", Kind.INVALID
    LEVEL_CHOICE = "level_choice", Kind.INVALID
    LEVEL_MOVED = "level_moved", Kind.CONFLICT
    LEVEL_ASKED = "level_asked", Kind.CONFLICT
    LEVEL_SECOND_PERSON = "level_second_person", Kind.CONFLICT
    LEVEL_NEW_LINE = "level_new_line", Kind.CONFLICT
    LEVEL_REQUEST_OVER = "level_request_over", Kind.CONFLICT
    REPORT_RECEIPT = "report_receipt", Kind.INVALID
    PROTOCOL_STEP = "protocol_step", Kind.INVALID
    REPORT_TIME = "report_time", Kind.INVALID
    REPORT_NOT_CHILD = "report_not_child", Kind.CONFLICT
    REPORT_MISSING = "report_missing", Kind.CONFLICT
    HELP_CHOICE = "help_choice", Kind.INVALID
    HELP_WORDS = "help_words", Kind.INVALID
    HELP_LEVEL = "help_level", Kind.CONFLICT
    HELP_NOT_CHILD = "help_not_child", Kind.CONFLICT
    HELP_ASKED = "help_asked", Kind.CONFLICT
    HELP_SECOND_PERSON = "help_second_person", Kind.CONFLICT
    HELP_OVER = "help_over", Kind.CONFLICT
    NOTICE_ASKED = "notice_asked", Kind.CONFLICT
    NOTICE_SECOND_PERSON = "notice_second_person", Kind.CONFLICT
    NOTICE_OVER = "notice_over", Kind.CONFLICT
    NOTICE_OPEN = "notice_open", Kind.CONFLICT
    DRAFT_NOT_KEPT = "draft_not_kept", Kind.CONFLICT
    OWN_WORDS_NOT_AGREED = "own_words_not_agreed", Kind.INVALID
    OWN_WORD_UNUSABLE = "own_word_unusable", Kind.INVALID
    OWN_WORDS_ALIKE = "own_words_alike", Kind.INVALID
    OWN_WORD_LISTED = "own_word_listed", Kind.INVALID
    # an answer and what goes with it
    ANSWER_EMPTY = "answer_empty", Kind.INVALID
    ANSWER_TOO_LONG = "answer_too_long", Kind.INVALID
    FILE_NOT_KEPT = "file_not_kept", Kind.CONFLICT
    ATTACHMENT_NOT_FOUND = "attachment_not_found", Kind.MISSING
    # a nudge
    NUDGE_UNREACHABLE = "nudge_unreachable", Kind.CONFLICT
    NUDGE_STOPPED = "nudge_stopped", Kind.CONFLICT
    NUDGE_FORCED = "nudge_forced", Kind.CONFLICT
    NUDGE_ONLY_WHEN_SHE_WRITES = "nudge_only_when_she_writes", Kind.CONFLICT
    NUDGE_THERE = "nudge_there", Kind.CONFLICT
    NUDGE_QUIET = "nudge_quiet", Kind.CONFLICT
    NUDGE_NOTHING_WAITS = "nudge_nothing_waits", Kind.CONFLICT
    NUDGE_KNOCKED = "nudge_knocked", Kind.CONFLICT
    # a referral
    REFERRAL_NOT_FOUND = "referral_not_found", Kind.MISSING
    REFERRAL_CHOICE = "referral_choice", Kind.INVALID
    REFERRAL_FORCED = "referral_forced", Kind.CONFLICT
    REFERRAL_ASK_FIRST = "referral_ask_first", Kind.INVALID
    REFERRAL_NOT_UNDER_16 = "referral_not_under_16", Kind.CONFLICT
    REFERRAL_NO_DANGER = "referral_no_danger", Kind.CONFLICT
    REFERRAL_SECOND_PERSON = "referral_second_person", Kind.CONFLICT
    REFERRAL_NOT_AGREED = "referral_not_agreed", Kind.CONFLICT
    REFERRAL_TAKEN_BACK = "referral_taken_back", Kind.CONFLICT
    REFERRAL_TRANSPORT_UNKNOWN = "referral_transport_unknown", Kind.INVALID
    REFERRAL_NO_TRANSPORT = "referral_no_transport", Kind.CONFLICT
    REFERRAL_NOT_CONFIRMED = "referral_not_confirmed", Kind.CONFLICT
    RECEIPT_LENGTH = "receipt_length", Kind.INVALID
    RECEIPT_NOT_EXPECTED = "receipt_not_expected", Kind.CONFLICT
    # an export of the audit
    EXPORT_REASON = "export_reason", Kind.INVALID
    EXPORT_NOT_FOUND = "export_not_found", Kind.MISSING
    EXPORT_SECOND_PERSON = "export_second_person", Kind.CONFLICT
    EXPORT_DECIDED = "export_decided", Kind.CONFLICT
    EXPORT_NOT_READY = "export_not_ready", Kind.CONFLICT
    # a check-in plan, a task
    PLAN_NOT_FOUND = "plan_not_found", Kind.MISSING
    PLAN_NOT_YOURS = "plan_not_yours", Kind.DENIED
    PLAN_STARTED = "plan_started", Kind.CONFLICT
    PLAN_NOT_AGREED = "plan_not_agreed", Kind.CONFLICT
    PLAN_NO_CODE_WORD = "plan_no_code_word", Kind.CONFLICT
    PLAN_DAYS = "plan_days", Kind.INVALID
    PLAN_NIGHT = "plan_night", Kind.CONFLICT
    PLAN_DAY_PASSED = "plan_day_passed", Kind.INVALID
    PLAN_COVER_UNKNOWN = "plan_cover_unknown", Kind.INVALID
    PLAN_MOVED = "plan_moved", Kind.CONFLICT
    PLAN_CHANGE_UNKNOWN = "plan_change_unknown", Kind.INVALID
    TASK_DONE = "task_done", Kind.CONFLICT
    TASK_NOT_YOURS = "task_not_yours", Kind.DENIED
    TASK_AT_CASE = "task_at_case", Kind.CONFLICT
    # tips and questions
    TIP_MOVED = "tip_moved", Kind.CONFLICT
    TIP_STATE_UNKNOWN = "tip_state_unknown", Kind.INVALID
    QUESTION_LENGTH = "question_length", Kind.INVALID
    QUESTION_MOVED = "question_moved", Kind.CONFLICT
    QUESTION_DECISION_UNKNOWN = "question_decision_unknown", Kind.INVALID
    # groups, cards and broadcasts
    OUT_OF_SCOPE = "out_of_scope", Kind.DENIED
    GROUP_NOT_FOUND = "group_not_found", Kind.MISSING
    GROUP_NAME_LENGTH = "group_name_length", Kind.INVALID
    COMMUNE_UNKNOWN = "commune_unknown", Kind.INVALID
    COMMUNE_AMBIGUOUS = "commune_ambiguous", Kind.INVALID
    INVITATION_KIND = "invitation_kind", Kind.INVALID
    CARD_NOT_FOUND = "card_not_found", Kind.MISSING
    CARD_WORDS_CHANGED = "card_words_changed", Kind.CONFLICT
    CARD_NOT_APPROVED = "card_not_approved", Kind.CONFLICT
    CARD_TOO_LONG = "card_too_long", Kind.CONFLICT
    CARD_FOR_ONE = "card_for_one", Kind.CONFLICT
    CARD_GATES_OPEN = "card_gates_open", Kind.CONFLICT
    CARD_NEEDED = "card_needed", Kind.CONFLICT
    CARD_RECALL_REASON = "card_recall_reason", Kind.INVALID
    CARD_INSTEAD = "card_instead", Kind.INVALID
    CARD_NOT_RECALLED = "card_not_recalled", Kind.CONFLICT
    BROADCAST_NOT_FOUND = "broadcast_not_found", Kind.MISSING
    BROADCAST_CHANGED = "broadcast_changed", Kind.CONFLICT
    BROADCAST_NOT_MEMBER = "broadcast_not_member", Kind.DENIED
    BROADCAST_DECIDED = "broadcast_decided", Kind.CONFLICT
    BROADCAST_NOT_AS_SHOWN = "broadcast_not_as_shown", Kind.CONFLICT
    BROADCAST_TOO_OLD = "broadcast_too_old", Kind.CONFLICT
    BROADCAST_SECOND_PERSON = "broadcast_second_person", Kind.CONFLICT
    BROADCAST_DECISION_UNKNOWN = "broadcast_decision_unknown", Kind.INVALID
    BROADCAST_CHANGE_UNKNOWN = "broadcast_change_unknown", Kind.INVALID
    BROADCAST_NOT_UNDER_WAY = "broadcast_not_under_way", Kind.CONFLICT
    # recordings
    RECORDING_NOT_FOUND = "recording_not_found", Kind.MISSING
    RECORDING_NOT_WAITING = "recording_not_waiting", Kind.CONFLICT
    RECORDING_CARD_CHANGED = "recording_card_changed", Kind.CONFLICT
    RECORDING_SECOND_PERSON = "recording_second_person", Kind.CONFLICT
    RECORDING_REASON_UNKNOWN = "recording_reason_unknown", Kind.INVALID
    RECORDING_SETTLED = "recording_settled", Kind.CONFLICT
    RECORDING_NOT_APPROVED = "recording_not_approved", Kind.CONFLICT
    SPEAKER_LANGUAGE = "speaker_language", Kind.INVALID
    SPEAKER_ALIAS = "speaker_alias", Kind.INVALID
    LANGUAGE_NOT_GIVEN = "language_not_given", Kind.DENIED
    # staff, roster, contacts
    LOGIN_UNKNOWN = "login_unknown", Kind.MISSING
    LOGIN_TAKEN = "login_taken", Kind.CONFLICT
    LOGIN_LENGTH = "login_length", Kind.INVALID
    ROLE_UNKNOWN = "role_unknown", Kind.INVALID
    ROLE_ADMIN_READS = "role_admin_reads", Kind.CONFLICT
    PASSPHRASE_SHORT = "passphrase_short", Kind.INVALID
    PASSPHRASE_LONG = "passphrase_long", Kind.INVALID
    PASSPHRASE_SIMPLE = "passphrase_simple", Kind.INVALID
    PASSPHRASE_LOGIN = "passphrase_login", Kind.INVALID
    PASSPHRASE_WRONG = "passphrase_wrong", Kind.DENIED
    PASSPHRASE_MOVED = "passphrase_moved", Kind.CONFLICT
    STAFF_NOT_SUSPENDED = "staff_not_suspended", Kind.CONFLICT
    CASES_UNREADABLE = "cases_unreadable", Kind.CONFLICT
    NO_READER_LEFT = "no_reader_left", Kind.CONFLICT
    DUTY_MEMBER = "duty_member", Kind.INVALID
    DUTY_TIMES = "duty_times", Kind.INVALID
    DUTY_PROVINCE = "duty_province", Kind.INVALID
    DUTY_SKILL = "duty_skill", Kind.INVALID
    SKILL_UNKNOWN = "skill_unknown", Kind.INVALID
    CONTACT_ADDRESS = "contact_address", Kind.INVALID
    AREA_UNKNOWN = "area_unknown", Kind.INVALID
    # forgetting, hold, backup
    FORGET_CASE_UNKNOWN = "forget_case_unknown", Kind.MISSING
    FORGET_ACCOUNT_UNKNOWN = "forget_account_unknown", Kind.MISSING
    FORGET_PERSON_UNKNOWN = "forget_person_unknown", Kind.MISSING
    NOT_ON_HOLD = "not_on_hold", Kind.CONFLICT
    RESTORE_UNFINISHED = "restore_unfinished", Kind.CONFLICT
    BACKUP_EXISTS = "backup_exists", Kind.CONFLICT
    BACKUP_INCOMPLETE = "backup_incomplete", Kind.CONFLICT
    BACKUP_NO_KEYRING = "backup_no_keyring", Kind.CONFLICT
    KEYRING_WITHOUT_KEY = "keyring_without_key", Kind.CONFLICT
    KEYRING_FOREIGN = "keyring_foreign", Kind.CONFLICT
    DATABASE_IN_USE = "database_in_use", Kind.CONFLICT
    DATABASE_NOT_EMPTY = "database_not_empty", Kind.CONFLICT
    SERVER_TOO_OLD = "server_too_old", Kind.CONFLICT
    NO_BACKUP = "no_backup", Kind.MISSING
    RECOVERY_KEY_WRONG = "recovery_key_wrong", Kind.DENIED
    MANIFEST_CHANGED = "manifest_changed", Kind.CONFLICT
    MANIFEST_FOREIGN = "manifest_foreign", Kind.CONFLICT
    BACKUP_NEWER = "backup_newer", Kind.CONFLICT
    BACKUP_FILE_CHANGED = "backup_file_changed", Kind.CONFLICT
    # what does not open
    SEALED = "sealed", Kind.DENIED
    FORGOTTEN = "forgotten", Kind.MISSING
    # signing in
    LOGIN_WRONG = "login_wrong", Kind.DENIED
    SIGN_IN_TOO_OFTEN = "sign_in_too_often", Kind.CONFLICT
