"""The absences that are noted for somebody: shown, taken back one by one, and added in a form."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.chat.dates import Period
from bot.chat.errors import Declined
from bot.chat.events import Pressed, Submitted
from bot.chat.replies import Answer, Replies
from bot.guide import views as words
from bot.huddles import absence_rules, absence_views, presence, scene
from bot.people.rules import first_name
from storage.people import Absence, Person, absences
from storage.tx import Tx


async def coming(tx: Tx, person: Person, today: date) -> Sequence[Absence]:
    """What is noted from a day on, the next one first; rows in which no day is left are none."""
    found = await absences(tx, [person.id], today, date.max)
    return [each for each in found if each.to_on is None or each.from_on <= each.to_on]


async def beside(tx: Tx, person: Person, period: Period) -> Sequence[Absence]:
    """What is noted and overlaps or adjoins a period, the earliest first."""
    first, last = period.first - timedelta(days=1), period.last and period.last + timedelta(days=1)
    found = await absences(tx, [person.id], first, last or date.max)
    some = [each for each in found if each.to_on is None or each.from_on <= each.to_on]
    return [each for each in some if absence_rules.touches(Period(each.from_on, each.to_on), period)]


async def show(tx: Tx, person: Person, people: Sequence[Person], now: datetime) -> Replies:
    """`/huddle away`: what is noted, with **Take back**; for others, as their lead sees it, only the days."""
    if [each.id for each in people] != [person.id]:
        days = [(first_name(each), await coming(tx, each, scene.today_of(each, now))) for each in people]
        return Replies(answer=Answer(absence_views.listed_for_lead(days)))
    return Replies(answer=Answer(absence_views.listed(await coming(tx, person, scene.today_of(person, now)))))


async def take_back(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Take back**: days to come are days at work again; what has begun ended yesterday."""
    person = event.by.person
    absence = await tx.get(Absence, event.number("absence"))
    if absence is None or absence.person_id != person.id:
        raise Declined(words.old_button())
    today = scene.today_of(person, now)
    if absence.to_on is not None and absence.to_on < max(today, absence.from_on):
        raise Declined(absence_views.taken_back_before())
    card = absence_views.not_away_after_all(absence.from_on, absence.to_on)
    absence.to_on = max(today, absence.from_on) - timedelta(days=1)
    return Replies(answer=Answer(card), undoable=True) + await presence.days_changed(tx, [person], now)


async def open_form(event: Pressed, _tx: Tx, now: datetime) -> Replies:
    """**Add days**."""
    return Replies(answer=Answer(absence_views.form(scene.today_of(event.by.person, now))))


def read_form(event: Submitted, today: date) -> Period | Replies:
    """The days of a form, or the form with what is wrong."""
    first, last = (_day(event.values.get(each, "")) for each in ("first", "last"))
    errors = {}
    if first is None:
        errors["first"] = absence_views.NEEDS_FIRST
    elif last is not None and last < first:
        errors["last"] = absence_views.NEEDS_LATER
    elif last is not None and last < today:
        errors["last"] = absence_views.IS_OVER
    if first is None or errors:
        return Replies(answer=Answer(absence_views.form(today).refused(event.values, errors)))
    return Period(first, last)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
