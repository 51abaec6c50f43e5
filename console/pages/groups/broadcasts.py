"""Groups, cards and broadcasts: codes shown once, words approved, a second person's decision, live progress."""

from __future__ import annotations

from typing import Any

from starlette.responses import HTMLResponse, Response

from console.labels import general as labels
from console.web.request import Visit
from content.loader import LANGUAGES
from content.review_gates import barring, open_gates
from store.areas import models as areas
from store.areas.scopes import covers
from store.broadcasts import card_recalls, review_gates
from store.broadcasts import service as broadcasting
from store.broadcasts.models import texts
from store.errors import Refused, Sealed
from store.groups import service as invitations
from store.groups.models import AUDIENCE, CHAT, MEMBER
from store.staff import review_languages
from store.staff.authorization import OutOfScope

SHOWN_IN = ("zalo_oa", "zalo_bot", "telegram")
MOST_LISTED = 200
"""Communes in a list to choose from: those of any province; whoever works for the nation types the name."""
LONGEST_PLACE = 80


async def groups(visit: Visit) -> Response:
    """List the groups."""
    return await _groups(visit)


async def _groups(visit: Visit, message: str = "", status: int = 200, **made: Any) -> Response:
    async with visit.desk.store.data.connect() as conn:
        found = await invitations.groups(conn, scope=visit.scope)
        communes = [(code, name) for code, name in await areas.communes(conn) if covers(visit.scope, code)]
    said = visit.say(message) if message else ""
    values = {"groups": found, "communes": communes[:MOST_LISTED], "typed": len(communes) > MOST_LISTED}
    shown: dict[str, Any] = values | {"message": said, "code": "", "of": "", "title": "", "place": ""} | made
    return visit.page("groups/groups.html", status, kinds=(AUDIENCE, MEMBER, CHAT), **shown)


def _communes_named(visit: Visit, text: str) -> list[tuple[str, str]]:
    """The communes of her area that a typed name may mean: (code, name with its province)."""
    units = [found.area for found in visit.desk.library.areas.find(text) if found.area.level == "commune"]
    provinces = visit.desk.library.areas.provinces
    named = [(areas.code_of(unit), f"{unit.name}, {provinces[unit.province].name}") for unit in units]
    return [(code, name) for code, name in named if covers(visit.scope, code)]


async def create_group(visit: Visit) -> Response:
    """Register a group; its commune is chosen from a list, or typed where the list would be too long."""
    form, desk = await visit.request.form(), visit.desk
    title, place, area = (str(form.get(name, "")) for name in ("title", "place", "area"))
    if place and not area:
        named = _communes_named(visit, place[:LONGEST_PLACE])
        if len(named) != 1:
            message, typed = (labels.WHICH_COMMUNE, False) if named else (labels.NO_COMMUNE, True)
            return await _groups(visit, message, 422, communes=named, typed=typed, title=title, place=place)
        area = named[0][0]
    try:
        async with desk.store.data.begin() as conn:
            await invitations.create_group(
                conn,
                desk.clock.now(),
                desk.store.house.audit,
                staff_id=visit.staff_id,
                title=title,
                area_code=area,
            )
    except OutOfScope:
        return visit.problem(labels.OUT_OF_SCOPE, 403)
    except Refused:
        return await _groups(visit, labels.NO_GROUP, 422, title=title, place=place)
    return visit.to("groups")


async def invite(visit: Visit) -> Response:
    """Make a code and show it, this once."""
    form, desk = await visit.request.form(), visit.desk
    kind, group_id = str(form.get("kind", "")), visit.request.path_params["group_id"]
    try:
        async with desk.store.data.begin() as conn:
            house = desk.store.house
            code = await invitations.invite(
                conn, desk.clock.now(), house.index, house.audit, staff_id=visit.staff_id, group_id=group_id, kind=kind
            )
    except OutOfScope:
        return visit.problem(labels.OUT_OF_SCOPE, 403)
    except Refused:
        return await _groups(visit, labels.NO_GROUP, 422)
    return await _groups(visit, code=code, of=kind)


async def cards(visit: Visit, message: str = "", status: int = 200) -> Response:
    """Show which cards' words are approved for broadcasting, which wait for it, and which are recalled."""
    library = visit.desk.library
    async with visit.desk.store.data.connect() as conn:
        await card_recalls.apply(conn, library)
        ready = await broadcasting.approved(conn, library)
        recalled = await card_recalls.find(conn)
    shelf = dict.fromkeys(card for room in library.rooms for card in library.shelf(room))
    neutral = [
        (card, everywhere(visit, card), library.card(card), card in ready, *gates_of(visit, card))
        for card in shelf
        if library.may_go_unasked(card)
    ]
    said = visit.say(message) if message else ""
    return visit.page("content/cards.html", status, cards=neutral, every=shelf, recalled=recalled, message=said)


def everywhere(visit: Visit, card: str) -> list[tuple[str, str]]:
    """A card's whole text in each language an approval holds for."""
    return [(lang, visit.desk.library.say(card, lang).text) for lang in LANGUAGES]


def gates_of(visit: Visit, card: str) -> tuple[list[str], bool]:
    """What is still open for a card, in words, and whether it forbids a broadcast here."""
    found = open_gates(visit.desk.library, card, review_gates.day(visit.now))
    return visit.gates(found), bool(barring(found, drafts=visit.desk.settings.demo))


def still_open(visit: Visit, refusal: review_gates.GatesOpen) -> Response:
    """Say which gates keep a card from being sent."""
    named = "; ".join(visit.gates(refusal.gates))
    return visit.problem(labels.GATES_OPEN, 409, values={"gates": named})


async def approve_card(visit: Visit) -> Response:
    """Approve a card's exact words."""
    form, desk = await visit.request.form(), visit.desk
    try:
        async with desk.store.data.begin() as conn:
            await broadcasting.approve_card(
                conn,
                desk.clock.now(),
                desk.store.house.audit,
                desk.library,
                card=str(form.get("card", "")),
                staff_id=visit.staff_id,
                drafts=desk.settings.demo,
            )
    except review_gates.GatesOpen as refusal:
        return still_open(visit, refusal)
    except OutOfScope:
        return visit.problem(labels.OUT_OF_SCOPE, 403)
    except review_languages.NotGiven:
        return visit.problem(labels.NOT_GIVEN, 403)
    except Refused:
        return visit.problem(labels.NO_CARD, 422)
    return visit.to("cards")


async def broadcasts(visit: Visit) -> Response:
    """List broadcasts, and let one be proposed."""
    return await _broadcasts(visit)


async def _broadcasts(visit: Visit, message: str = "", status: int = 200) -> Response:
    library = visit.desk.library
    async with visit.desk.store.data.connect() as conn:
        found = await broadcasting.proposals(conn, scope=visit.scope)
        await card_recalls.apply(conn, library)
        cards = await broadcasting.approved(conn, library)
        listed = await invitations.groups(conn, scope=visit.scope)
    said = visit.say(message) if message else ""
    offered = [(card, everywhere(visit, card), *gates_of(visit, card)) for card in cards]
    return visit.page("groups/broadcasts.html", status, found=found, offered=offered, groups=listed, message=said)


async def propose(visit: Visit) -> Response:
    """Propose a card to a group's audience."""
    form, desk = await visit.request.form(), visit.desk
    now = desk.clock.now()
    try:
        async with desk.store.data.begin() as conn:
            await card_recalls.apply(conn, desk.library)  # this process may serve pages only, and tick nothing
            made = await broadcasting.propose(
                conn,
                now,
                desk.store.house.audit,
                desk.library,
                card=str(form.get("card", "")),
                group_id=int(str(form.get("group", "0")) or 0),
                author_staff=visit.staff_id,
                drafts=desk.settings.demo,
            )
    except review_gates.GatesOpen as refusal:
        return still_open(visit, refusal)
    except OutOfScope:
        return visit.problem(labels.OUT_OF_SCOPE, 403)
    except (Refused, ValueError, KeyError):
        return await _broadcasts(visit, labels.NOT_PROPOSED, 422)
    return visit.to("broadcast", broadcast_id=made)


async def broadcast(visit: Visit) -> Response:
    """Show one broadcast: what every channel would show, what became of it, what may be done now."""
    return await _broadcast(visit)


async def _broadcast(visit: Visit, message: str = "", status: int = 200) -> Response:
    values = await parts(visit)
    if not values:
        return visit.problem(labels.NO_BROADCAST, 404)
    async with visit.desk.store.data.connect() as conn:
        try:
            shown = (await texts(conn, broadcast_id(visit))).shown
        except Sealed:
            return visit.problem(labels.NO_BROADCAST, 409)
    previews = [(lang, [(channel, shown[channel, lang].text) for channel in SHOWN_IN]) for lang in LANGUAGES]
    said = visit.say(message) if message else ""
    return visit.page("groups/broadcast.html", status, previews=previews, message=said, **values)


async def parts(visit: Visit) -> dict[str, Any]:
    """What the live part of a broadcast's page needs; empty when there is no such broadcast."""
    async with visit.desk.store.data.connect() as conn:
        found = await broadcasting.proposals(conn, broadcast_id(visit), scope=visit.scope)
        if not found:
            return {}
        results = await broadcasting.results(conn, broadcast_id(visit))
    marks, barred = gates_of(visit, found[0].card)
    return {"one": found[0], "results": results, "open": marks, "barred": barred}


def broadcast_id(visit: Visit) -> int:
    """The broadcast a request is about."""
    found: int = visit.request.path_params["broadcast_id"]
    return found


async def decide(visit: Visit) -> Response:
    """Approve or refuse as the second person, bound to the digest that was shown."""
    form, desk = await visit.request.form(), visit.desk
    try:
        async with desk.store.data.begin() as conn:
            await card_recalls.apply(conn, desk.library)
            await broadcasting.decide(
                conn,
                desk.clock.now(),
                desk.store.house.audit,
                desk.library,
                broadcast_id=broadcast_id(visit),
                staff_id=visit.staff_id,
                digest=bytes.fromhex(str(form.get("digest", ""))),
                yes=str(form.get("say")) == "yes",
                drafts=desk.settings.demo,
            )
    except review_gates.GatesOpen as refusal:
        return still_open(visit, refusal)
    except OutOfScope:
        return visit.problem(labels.OUT_OF_SCOPE, 403)
    except (Refused, ValueError):
        return await _broadcast(visit, labels.NOT_DECIDED, 409)
    return visit.to("broadcast", broadcast_id=broadcast_id(visit))


async def steer(visit: Visit) -> Response:
    """Pause, resume or stop."""
    form, desk = await visit.request.form(), visit.desk
    act = str(form.get("act", ""))
    if act in broadcasting.AFTER:
        try:
            async with desk.store.data.begin() as conn:
                await card_recalls.apply(conn, desk.library)
                await broadcasting.change(
                    conn,
                    desk.clock.now(),
                    desk.store.house.audit,
                    desk.library,
                    broadcast_id=broadcast_id(visit),
                    staff_id=visit.staff_id,
                    act=act,
                    drafts=desk.settings.demo,
                )
        except review_gates.GatesOpen as refusal:
            return still_open(visit, refusal)
        except OutOfScope:
            return visit.problem(labels.OUT_OF_SCOPE, 403)
        except Refused:
            return await _broadcast(visit, labels.NOT_STEERED, 409)
    if visit.by_htmx:
        return HTMLResponse(visit.render("groups/progress.html", **await parts(visit)))
    return visit.to("broadcast", broadcast_id=broadcast_id(visit))
