"""`/milestones`: one's own, an initiative's, a team's; late, due, slipped or achieved; and one of them alone."""

from datetime import date, datetime

from bot.chat.commands import Command
from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed, row_number
from bot.chat.replies import Answer, Replies, Show
from bot.milestones import message_views, pages, reply_views, rules, standing, telling, views
from bot.milestones.doing import coded
from bot.milestones.rules import MOVES, UNOWNED, State
from bot.work import handlers as work
from bot.work.rules import verbs_from
from storage.initiatives import initiative_coded
from storage.messages import Lane
from storage.milestones import Only, Wanted
from storage.people import Person
from storage.places import Place
from storage.teams import team_named
from storage.tx import Tx

SHARE, EVERYBODY, MINE = "share", "all", "mine"
WORDS = ("overdue", "slipped", "achieved")
CHOICES = (
    *WORDS,
    EVERYBODY,
    MINE,
    SHARE,
    *(f"{first} {second}" for first in (*WORDS, EVERYBODY) for second in (SHARE,)),
    *(f"{EVERYBODY} {word}" for word in WORDS),
    *(f"{EVERYBODY} {word} {SHARE}" for word in WORDS),
)


async def show(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/milestones [I-4] [M-31] [@Ann] [team:"Field Dispatch"] [overdue] [due:30d] [slipped] [achieved] [share]`."""
    if any(each.startswith("M-") for each in event.command.codes):
        return await _one(event, tx, now)
    person = event.by.person
    wanted = await _wanted(event, tx, now)
    if SHARE in event.command.words.split():
        today = standing.today_of(person, now)
        page = await pages.page(tx, wanted, today, reader=None if not event.by.is_direct else person)
        return Replies(answer=Answer(views.listed(page, today, ids=None), private=False))
    return await _page(tx, wanted, person, event.by.place, now=now)


async def page(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**More**, **Show achieved**."""
    wanted = pages.wanted_of(event.ids, event.by.person)
    return await _page(
        tx, wanted, event.by.person, event.by.place, now=now, offset=row_number(event.ids.get("offset", ""))
    )


async def _page(tx: Tx, wanted: Wanted, person: Person, place: Place, *, now: datetime, offset: int = 0) -> Replies:
    today = standing.today_of(person, now)
    found = await pages.page(tx, wanted, today, offset=offset, reader=person)
    others = any(each.milestone.owner_id not in {None, person.id} for each in found.seen)
    card = views.listed(
        found,
        today,
        ids=pages.ids_of(wanted),
        can_ask=others and await standing.may_ask(tx, person),
        in_room=place.kind is not Place.Kind.DIRECT,
    )
    return Replies(answer=Answer(card, stays=True))


async def share(event: Pressed, _tx: Tx, _now: datetime) -> Replies:
    """**Share here**: the list as a message in the room."""
    if event.by.is_direct:
        raise Declined(reply_views.only_in_room())
    wanted = pages.wanted_of(event.ids, event.by.person)
    offset = row_number(event.ids.get("offset", ""))
    shown = Show(
        f"milestone:list:{event.by.event_id}",
        event.by.place,
        telling.LIST,
        pages.row_ids(wanted, offset),
        Lane.Traffic.REPLY,
    )
    return Replies(answer=Answer(reply_views.shared(event.by.place.name)), show=(shown,))


async def _wanted(event: Asked, tx: Tx, now: datetime) -> Wanted:
    command, person = event.command, event.by.person
    words = command.words.split()
    code, team = next(iter(command.codes), ""), command.keys.get("team", "")
    named = next(iter(command.people), "")
    initiative = work.known(await initiative_coded(tx, code), code, "initiative") if code else None
    if initiative is not None and not await standing.may_see_initiative(tx, person, initiative):
        raise work.unseen(initiative.code)
    found = await team_named(tx, team) if team else None
    if team and found is None:
        raise Declined(reply_views.no_team(team), code="E-04")
    owner = await work.one_person(tx, event.by, named) if named else None
    everywhere = initiative is None and found is None and owner is None and EVERYBODY not in words
    return Wanted(
        initiative_id=initiative.id if initiative else None,
        team_id=found.id if found else None,
        owner_id=owner.id if owner else None,
        mine=person.id if everywhere else None,
        seen_by=person.id if person.is_external else None,
        until=await _until(event, tx, command, now),
        only=next((Only(each) for each in words if each in WORDS), Only.OPEN),
    )


async def _until(event: Asked, tx: Tx, command: Command, now: datetime) -> date | None:
    """`due:30d`, or `due:18 Dec`."""
    text = command.keys.get("due", "")
    if not text:
        return None
    until = rules.until_of(text, standing.today_of(event.by.person, now))
    return until or await work.day_meant(tx, event.by, text, now, line=command.text)


async def _one(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/milestones M-31`: all of it, and what this person can do."""
    milestone = await coded(tx, event)
    person = event.by.person
    today = standing.today_of(person, now)
    whole = await standing.whole(tx, milestone, today)
    parts = await standing.parts_of(tx, milestone, person, now)
    unowned = await standing.is_unowned(tx, milestone)
    can = verbs_from([each for each in MOVES if each.when != UNOWNED or unowned], milestone.state, parts)
    if milestone.state is State.PLANNED and milestone.proposed_on is None:
        can = [each for each in can if each not in {"take", "keep"}]
    return Replies(answer=Answer(views.shown(whole, today, presses=message_views.presses(milestone, can)), stays=True))
