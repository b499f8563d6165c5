"""`/today`."""

from datetime import datetime, timedelta

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.guide import views as words
from bot.home import projections, to_do, views
from bot.home.day import day_of
from bot.work import handlers as work
from storage.people import Person, Role, roles_of, zone_of
from storage.teams import leads_of
from storage.tx import Tx

LOOKS_AHEAD = timedelta(days=330)  # a day without a year that was read beyond it is one that is over


async def show_day(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/today [date] [@person]`: one's own day, or for a lead somebody's of the team; for their own eyes."""
    person, days = event.by.person, event.command.dates
    whom = await _whom(event, tx, now)
    today = today_in(zone_of(whom), now)
    if days:
        if days[0] - today > LOOKS_AHEAD:
            raise Declined(views.day_is_over(days[0]), code="E-06")
        mine = await day_of(tx, whom, now)
        return Replies(answer=Answer(await to_do.on_day(mine, days[0], own=whom.id == person.id)))
    if whom.id != person.id:
        return Replies(answer=Answer(await to_do.on_day(await day_of(tx, whom, now), today, own=False)))
    return Replies(answer=Answer(await projections.day(tx, person, now), stays=True))


async def _whom(event: Asked, tx: Tx, now: datetime) -> Person:
    """Raises: Declined (E-03) for somebody whom the asker does not lead."""
    asker = event.by.person
    if not event.command.people:
        return asker
    person = await work.one_person(tx, event.by, event.command.people[0])
    leads = {each.id for each in await leads_of(tx, person.id, today_in(zone_of(asker), now))}
    if asker.id in {person.id, *leads} or Role.Kind.ADMIN in await roles_of(tx, asker):
        return person
    raise Declined(words.only_their_lead(person.name), code="E-03")
