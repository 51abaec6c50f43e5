"""All tables, gathered so that the two catalogues are complete."""

from store import audit
from store.areas import models as areas
from store.attachments import service as attachments
from store.audit_search import exports as audit_exports
from store.broadcasts import card_recalls
from store.broadcasts import models as broadcast_models
from store.cases import aliases
from store.cases import keys as case_keys
from store.cases import readers as case_readers
from store.cases import service as cases
from store.casework import drafts, takes, unanswered
from store.checkins import models as checkins_models
from store.corrections import level_requests
from store.crypto import keyring, oauth_tokens
from store.effects import deferred
from store.escalation import escalations, pages
from store.groups import models as groups_models
from store.jobs import human_tasks, scheduled
from store.messages import backfill, hold, lanes
from store.messages import models as messages_models
from store.people import forget_requests
from store.people import models as people
from store.privacy import retention
from store.recordings import links as sound_links
from store.recordings import models as recordings_models
from store.recordings import speakers
from store.referrals import models as referral_models
from store.staff import contacts, roster, vault
from store.staff import models as staff
from store.submissions import closing_answers
from store.submissions import models as submissions_models
from store.urgent_help import models as urgent_help_models

__all__ = [
    "aliases",
    "areas",
    "attachments",
    "audit",
    "audit_exports",
    "backfill",
    "broadcast_models",
    "card_recalls",
    "case_keys",
    "case_readers",
    "cases",
    "checkins_models",
    "closing_answers",
    "contacts",
    "deferred",
    "drafts",
    "escalations",
    "forget_requests",
    "groups_models",
    "hold",
    "human_tasks",
    "keyring",
    "lanes",
    "level_requests",
    "messages_models",
    "oauth_tokens",
    "pages",
    "people",
    "recordings_models",
    "referral_models",
    "retention",
    "roster",
    "scheduled",
    "sound_links",
    "speakers",
    "staff",
    "submissions_models",
    "takes",
    "unanswered",
    "urgent_help_models",
    "vault",
]
