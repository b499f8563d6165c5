"""`/action list` and `/action show`: what there is, and one of them."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from bot.actions import list_views, standing, views
from bot.actions.agreeing import coded
from bot.actions.list_views import PAGE
from bot.actions.rules import State
from bot.chat.errors import Declined
from bot.chat.events import Asked, row_number
from bot.chat.replies import Answer, Replies
from bot.people.rules import first_name
from bot.work import handlers as work
from storage.actions import CLOSED, WAITING, Wanted, counted, listed
from storage.initiatives import batch_coded, initiative_coded
from storage.people import Person
from storage.tx import Tx

KEYS = ("initiative", "batch", "due", "page")
OPEN = (*WAITING, State.DONE_CLAIMED)
_DAYS = re.compile(r"(\d{1,3})d", re.ASCII)
_PAGE = re.compile(r"\s*\bpage:\d+", re.ASCII)
PAGES_MOST = 5000


async def show_list(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/action list [mine] [@p] [overdue] [initiative:] [batch:] [due:7d]`; `/action A-104` shows that one."""
    if event.command.codes:
        return await show(event, tx, now)
    person = event.by.person
    today = standing.today_of(person, now)
    title, wanted = await _wanted(event, tx, now, today)
    if person.is_external:
        wanted = replace(wanted, for_person=person.id)
    page = max(1, min(row_number(event.command.keys.get("page", "1")), PAGES_MOST))
    total, overdue = await counted(tx, wanted, today)
    actions = await listed(tx, wanted, today, offset=(page - 1) * PAGE, most=PAGE)
    ids = {each.owner_id for each in actions}
    people = await tx.all(select(Person).where(col(Person.id).in_(ids - {None})))
    line = _PAGE.sub("", event.command.text)
    card = list_views.listed(
        title,
        actions,
        owners={each.id: first_name(each) for each in people},
        today=today,
        counts=(total, overdue),
        more=f"/{line.lstrip('/')} page:{page + 1}" if page * PAGE < total else "",
    )
    return Replies(answer=Answer(card))


async def _wanted(event: Asked, tx: Tx, now: datetime, today: date) -> tuple[str, Wanted]:
    command, person = event.command, event.by.person
    wanted = Wanted(states=OPEN)
    titles: list[str] = []
    if names := command.people:
        other = await work.one_person(tx, event.by, names[0])
        wanted, titles = replace(wanted, owner_id=other.id), [f"Actions of {other.name}"]
    if code := command.keys.get("initiative", ""):
        initiative = work.known(await initiative_coded(tx, code), code, "initiative")
        wanted, titles = replace(wanted, initiative_id=initiative.id), [f"Actions of {initiative.code}"]
    if code := command.keys.get("batch", ""):
        batch = work.known(await batch_coded(tx, code), code, "batch")
        wanted, titles = replace(wanted, batch_id=batch.id), [f"Actions of {batch.code}"]
    if text := command.keys.get("due", ""):
        wanted = replace(wanted, due_until=await _until(event, tx, text, now=now, today=today))
    for word in command.words.casefold().split():
        wanted = _narrowed(wanted, word, person)
    if not titles and "all" not in command.words.casefold() and wanted.requester_id is None:
        wanted, titles = replace(wanted, owner_id=person.id), ["Your actions"]
    return next(iter(titles), "Actions you asked for" if wanted.requester_id else "All actions"), wanted


def _narrowed(wanted: Wanted, word: str, person: Person) -> Wanted:
    match word:
        case "mine":
            return replace(wanted, owner_id=person.id)
        case "asked":
            return replace(wanted, requester_id=person.id)
        case "overdue":
            return replace(wanted, overdue=True)
        case "all":
            return wanted
        case "open":
            return replace(wanted, states=OPEN)
        case "closed":
            return replace(wanted, states=CLOSED)
        case _:
            pass
    state = next((each for each in State if each.value == word.replace("-", "_")), None)
    if state is None:
        raise Declined(list_views.which_list(word))
    return replace(wanted, states=(state,))


async def _until(event: Asked, tx: Tx, text: str, *, now: datetime, today: date) -> date:
    """`7d` is in the next seven days; anything else is a day."""
    if found := _DAYS.fullmatch(text):
        return today + timedelta(days=int(found[1]))
    return await work.day_meant(tx, event.by, text, now, line=event.command.text)


async def show(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/action show A-104`."""
    action, person = await coded(tx, event), event.by.person
    parts = await standing.parts_of(tx, action, person, now)
    around, more = await standing.around(tx, action), await standing.elsewhere(tx, action, person)
    return Replies(answer=Answer(views.card(around, today=standing.today_of(person, now), parts=parts, more=more)))
