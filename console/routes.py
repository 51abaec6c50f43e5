"""The table of routes: path, view, roles and place in the navigation of everything the console serves.

A page is one row here. The order of the rows is the order of the navigation.
"""

from __future__ import annotations

from console.labels import n_
from console.pages import live, static
from console.pages.approvals import approvals
from console.pages.cases import (
    assignment,
    attachments,
    case_search,
    cases,
    casework,
    closing,
    corrections,
    known_facts,
    one_time,
    own_words,
    referrals,
    replies,
)
from console.pages.checkins import checkins
from console.pages.children import report
from console.pages.content import card, cards, recordings
from console.pages.groups import broadcasts, groups
from console.pages.people import first_shift, roster, sign_in
from console.pages.protocol import protocol
from console.pages.reports import audit, audit_exports, questions, tips
from console.pages.urgent_help import urgent_help
from console.pages.wall import wall
from console.web.roles import (
    ANYBODY,
    APPROVERS,
    AUDITORS,
    CARERS,
    DECIDERS,
    EXPORTERS,
    LISTENERS,
    MODERATORS,
    READERS,
    REVIEWERS,
    SHIFT_LEADS,
    SIGNED_IN,
    SPEAKERS,
    TOLD,
)
from console.web.routing import Kind, PageRoute, site_map
from console.web.site_map import Navigation
from store.staff.models import (
    ADMIN,
    AUDITOR,
    CASE_WORKER,
    COMMUNE_STAFF,
    CONTENT_REVIEWER,
    COUNSELLOR,
    PROV_ADMIN,
    SHIFT_LEAD,
)

_CASE = "/console/cases/{case_id:uuid}"
_EXPORTS = "/console/audit/exports"
_REFERRAL = _CASE + "/referrals/{referral:int}"
ROUTES: tuple[PageRoute, ...] = (
    PageRoute("signin", "GET", "/console/login", sign_in.show, ANYBODY),
    PageRoute("enter", "POST", "/console/login", sign_in.enter, ANYBODY),
    PageRoute("leave", "POST", "/console/logout", sign_in.leave, SIGNED_IN),
    PageRoute("language", "POST", "/console/language", sign_in.language, ANYBODY),
    PageRoute("home", "GET", "/console", sign_in.home, SIGNED_IN),
    PageRoute("awake", "POST", "/console/awake", sign_in.awake, SIGNED_IN),
    PageRoute("live_stream", "GET", "/console/live", live.live_stream, READERS | SPEAKERS, kind=Kind.STREAM),
    PageRoute("static", "GET", "/console/static/{name:path}", static.static, ANYBODY, kind=Kind.ASSET),
    PageRoute(
        "queue",
        "GET",
        "/console/queue",
        cases.queue,
        READERS,
        Navigation(n_("Desk"), "desk", badge="frame/queue_badge.html"),
    ),
    PageRoute("closed_cases", "GET", "/console/closed", case_search.closed, READERS),
    PageRoute("search", "GET", "/console/search", case_search.search, READERS),
    PageRoute("case", "GET", _CASE, cases.case, READERS),
    PageRoute("case_place", "GET", _CASE + "/places/{line:int}", attachments.case_place, READERS),
    PageRoute("case_attachment", "GET", _CASE + "/attached/{attachment:uuid}", attachments.case_attachment, READERS),
    PageRoute(
        "take_unanswered",
        "POST",
        "/console/unanswered/{number:int}/take",
        assignment.take_unanswered,
        READERS,
        form="queue",
    ),
    PageRoute("acknowledge", "POST", _CASE + "/take", assignment.acknowledge, READERS),
    PageRoute("undo_take", "POST", _CASE + "/take/undo", assignment.undo_take, READERS),
    PageRoute("put_back", "POST", _CASE + "/put-back", assignment.put_back, READERS),
    PageRoute("assign", "POST", _CASE + "/assign", assignment.assign, SHIFT_LEADS),
    PageRoute("reply", "POST", _CASE + "/reply", replies.reply, READERS),
    PageRoute("draft", "POST", _CASE + "/draft", replies.draft, READERS),
    PageRoute("writing", "POST", _CASE + "/writing", corrections.writing, READERS),
    PageRoute("knock", "POST", _CASE + "/knock", casework.send_nudge, READERS),
    PageRoute("hand_on", "POST", _CASE + "/hand-on", casework.hand_on, READERS),
    PageRoute("stage", "POST", _CASE + "/stage", casework.stage, READERS),
    PageRoute("needs", "POST", _CASE + "/needs", casework.needs, READERS),
    PageRoute("next_step", "POST", _CASE + "/next", casework.next_step, READERS),
    PageRoute("commune", "POST", _CASE + "/commune", casework.commune, READERS),
    PageRoute("note", "POST", _CASE + "/note", casework.note, READERS),
    PageRoute("mark_step", "POST", _CASE + "/protocol", protocol.mark_step, READERS),
    PageRoute("close", "POST", _CASE + "/close", closing.close, READERS),
    PageRoute("reopen", "POST", _CASE + "/reopen", closing.reopen, READERS),
    PageRoute("edit_fact", "GET", _CASE + "/edit/{fact:str}", known_facts.edit, READERS),
    PageRoute("keep_fact", "POST", _CASE + "/edit/{fact:str}", known_facts.keep, READERS),
    PageRoute("change_level", "POST", _CASE + "/level", corrections.level, READERS),
    PageRoute("decide_level", "POST", _CASE + "/level/{request:int}", corrections.decide_level, READERS),
    PageRoute("keep_report", "POST", _CASE + "/report", report.keep_receipt, READERS),
    PageRoute("ask_help", "POST", _CASE + "/help", urgent_help.ask, READERS),
    PageRoute("decide_help", "POST", _CASE + "/help/{help:int}", urgent_help.decide, READERS),
    PageRoute("help_notice", "POST", _CASE + "/help/{help:int}/notice", urgent_help.notice, READERS),
    PageRoute("own_words", "GET", _CASE + "/words", own_words.show, READERS),
    PageRoute("keep_own_words", "POST", _CASE + "/words", own_words.keep, READERS),
    PageRoute("make_words_page", "POST", _CASE + "/words/page", own_words.make_page, READERS),
    PageRoute("one_time", "GET", "/console/page", one_time.show, ANYBODY),
    PageRoute("take_one_time", "POST", "/console/page", one_time.take, ANYBODY),
    PageRoute("refer", "POST", _CASE + "/refer", referrals.refer, READERS),
    PageRoute("refer_confirm", "POST", _REFERRAL + "/confirm", referrals.confirm, READERS),
    PageRoute("refer_back", "POST", _REFERRAL + "/back", referrals.take_back, READERS),
    PageRoute("refer_hand", "POST", _REFERRAL + "/hand", referrals.hand, READERS),
    PageRoute("refer_receipt", "POST", _REFERRAL + "/receipt", referrals.receipt, READERS),
    PageRoute("board", "GET", "/console/deadlines", wall.board, READERS, Navigation(n_("Shift"), "clock")),
    PageRoute("give_case", "POST", "/console/deadlines/{case_id:uuid}", wall.give_case, SHIFT_LEADS),
    PageRoute("take_drill", "POST", "/console/drills/{drill:int}/take", wall.take_drill, READERS, form="board"),
    PageRoute(
        "approvals",
        "GET",
        "/console/approvals",
        approvals.show,
        READERS | DECIDERS | EXPORTERS,
        Navigation(n_("Approvals"), "approve", badge="approvals/badge.html"),
    ),
    PageRoute("roster", "GET", "/console/roster", roster.show, READERS, Navigation(n_("Roster"), "calendar")),
    PageRoute("add_duty", "POST", "/console/roster", roster.add, SHIFT_LEADS),
    PageRoute("copy_week", "POST", "/console/roster/week", roster.copy_week, SHIFT_LEADS),
    PageRoute("remove_duty", "POST", "/console/roster/{duty:int}/remove", roster.remove, SHIFT_LEADS),
    PageRoute("call_code", "POST", "/console/roster/code", roster.call_code, READERS),
    PageRoute("call_address", "POST", "/console/roster/address", roster.call_address, READERS),
    PageRoute("first_shift", "GET", "/console/first-shift", first_shift.show, READERS),
    PageRoute("finish_first_shift", "POST", "/console/first-shift", first_shift.finish, READERS),
    PageRoute("first_shift_step", "GET", "/console/first-shift/{step:int}", first_shift.step, READERS),
    PageRoute("answer_first_shift", "POST", "/console/first-shift/{step:int}", first_shift.answer, READERS),
    PageRoute("check_ins", "GET", "/console/check-ins", checkins.show, CARERS, Navigation(n_("Check-ins"), "sprout")),
    PageRoute("plan", "GET", "/console/check-ins/{plan_id:int}", checkins.plan, CARERS),
    PageRoute("start_plan", "POST", "/console/check-ins/{plan_id:int}/start", checkins.start, CARERS),
    PageRoute("change_plan", "POST", "/console/check-ins/{plan_id:int}/change", checkins.change, CARERS),
    PageRoute("task_done", "POST", "/console/tasks/{task_id:int}/done", checkins.task_done, CARERS, form="check_ins"),
    PageRoute(
        "tips",
        "GET",
        "/console/tips",
        tips.show,
        TOLD,
        Navigation(n_("Tips"), "eye", badge="reports/tips_badge.html"),
    ),
    PageRoute("mark_tip", "POST", "/console/tips/{tip_id:int}", tips.mark, TOLD),
    PageRoute(
        "questions",
        "GET",
        "/console/questions",
        questions.show,
        SPEAKERS | MODERATORS,
        Navigation(n_("Questions"), "question", badge="reports/questions_badge.html"),
    ),
    PageRoute("moderate_question", "POST", "/console/questions/{question_id:int}", questions.moderate, MODERATORS),
    PageRoute(
        "broadcasts",
        "GET",
        "/console/broadcasts",
        broadcasts.broadcasts,
        SPEAKERS,
        Navigation(n_("Broadcasts"), "send"),
    ),
    PageRoute("propose", "POST", "/console/broadcasts", broadcasts.propose, SPEAKERS),
    PageRoute("broadcast", "GET", "/console/broadcasts/{broadcast_id:int}", broadcasts.broadcast, SPEAKERS),
    PageRoute("decide", "POST", "/console/broadcasts/{broadcast_id:int}/decide", broadcasts.decide, DECIDERS),
    PageRoute("steer", "POST", "/console/broadcasts/{broadcast_id:int}/steer", broadcasts.steer, DECIDERS),
    PageRoute("groups", "GET", "/console/groups", groups.groups, SPEAKERS, Navigation(n_("Groups"), "group")),
    PageRoute("create_group", "POST", "/console/groups", groups.create_group, SPEAKERS),
    PageRoute("invite", "POST", "/console/groups/{group_id:int}/invite", groups.invite, SPEAKERS),
    PageRoute("cards", "GET", "/console/cards", cards.cards, SPEAKERS | APPROVERS, Navigation(n_("Cards"), "card")),
    PageRoute("card", "GET", "/console/card/{card:str}", card.show, SPEAKERS | APPROVERS),
    PageRoute("approve_card", "POST", "/console/card/{card:str}", card.approve, APPROVERS),
    PageRoute("recall_card", "POST", "/console/cards/recall", cards.recall_card, REVIEWERS),
    PageRoute("put_back_card", "POST", "/console/cards/back", cards.put_back_card, APPROVERS),
    PageRoute(
        "recordings",
        "GET",
        "/console/recordings",
        recordings.show,
        LISTENERS,
        Navigation(n_("Voices"), "voice"),
    ),
    PageRoute("invite_speaker", "POST", "/console/recordings", recordings.invite, LISTENERS),
    PageRoute("sound", "GET", "/console/recordings/{recording_id:int}/sound", recordings.sound, LISTENERS),
    PageRoute("decide_recording", "POST", "/console/recordings/{recording_id:int}", recordings.decide, REVIEWERS),
    PageRoute("readings", "GET", "/console/readings", audit.readings, READERS),
    PageRoute("audit", "GET", "/console/audit", audit.show, AUDITORS, Navigation(n_("Records"), "record")),
    PageRoute("audit_exports", "GET", _EXPORTS, audit_exports.show, EXPORTERS, Navigation(n_("Exports"), "send")),
    PageRoute("ask_export", "POST", _EXPORTS, audit_exports.ask, AUDITORS),
    PageRoute("decide_export", "POST", _EXPORTS + "/{export:int}", audit_exports.decide, EXPORTERS),
    PageRoute("fetch_export", "GET", _EXPORTS + "/{export:int}.csv", audit_exports.fetch, EXPORTERS),
)
FIRST_PAGES = {
    COUNSELLOR: "queue",
    SHIFT_LEAD: "queue",
    AUDITOR: "audit",
    ADMIN: "home",
    COMMUNE_STAFF: "broadcasts",
    CONTENT_REVIEWER: "cards",
    PROV_ADMIN: "broadcasts",
    CASE_WORKER: "check_ins",
}
"""Where each role lands after signing in; of two roles the first one here decides."""
SITE_MAP = site_map(ROUTES, FIRST_PAGES)
