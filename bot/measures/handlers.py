"""`/measure record`, `correct`, `list` and `show`."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.chat.commands import Command
from bot.chat.dates import read_past_date
from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.guide import views as words
from bot.measures import asking, judging, periods, reply_views, standing, taking, views
from bot.measures.periods import Span
from bot.people.rules import SATURDAY
from storage import audit
from storage.measures import Measure, Reading, corrected, hold, newest_readings, readings_of_period
from storage.people import zone_of
from storage.tx import Tx

SHOWN_MOST = 90  # readings in a picture: a quarter of days
CORRECTIONS_MOST = 6  # of the newest ones; the change log has them all


async def record(event: Asked, tx: Tx, now: datetime) -> Replies:
    """Stores the number of a period, the newest whole one unless said otherwise. Raises: Declined.

    A team's number of a day is simply taken again; what others rely on is corrected, with a reason.
    """
    command, person = event.command, event.by.person
    measure, typed = await asking.the_measure(tx, asking.spoken(command), person)
    await asking.need_recorder(tx, measure, person)
    await hold(tx, measure)
    span = _span(command, measure, today_in(zone_of(person), now))
    reading = _reading(command, measure, span, typed)
    there = await readings_of_period(tx, measure.id, span.first, span.last)
    if there and (measure.headline or there[0].n is not None or measure.frequency is not Measure.Frequency.DAILY):
        raise Declined(reply_views.recorded_before(measure, there[0]))
    await _in_place_of(tx, reading, there)
    before = await newest_readings(tx, [measure.id], span.first - timedelta(days=1), most=1)
    headline = judging.judge(measure, [reading, *before.get(measure.id, [])])
    return Replies(answer=Answer(views.recorded(headline)), undoable=True)


async def correct(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/measure correct FTF period:2026-11 met:921 n:1000 reason:"a late return"`. Raises: Declined."""
    command, person = event.command, event.by.person
    measure, typed = await asking.the_measure(tx, asking.spoken(command), person)
    await asking.need_recorder(tx, measure, person)
    await hold(tx, measure)
    span = _span(command, measure, today_in(zone_of(person), now))
    said = views.span(span.first, span.last)
    there = await readings_of_period(tx, measure.id, span.first, span.last)
    if not there:
        raise Declined(reply_views.nothing_to_correct(measure, said))
    reason = command.keys.get("reason", "").strip()
    if not reason:
        raise Declined(reply_views.needs_reason(measure))
    reading = _reading(command, measure, span, typed)
    reading.reason = reason
    if (reading.value, reading.n, reading.parts) == (there[0].value, there[0].n, there[0].parts):
        raise Declined(reply_views.as_it_was(measure, said))
    await _in_place_of(tx, reading, there)
    old, new = judging.written(measure, there[0]), judging.written(measure, reading)
    audit.note(tx, asking.end_of(measure), "correct", field="reading", before=old, after=new, reason=reason)
    return Replies(answer=Answer(reply_views.corrected(measure, old, new, words=said, reason=reason)), undoable=True)


def _reading(command: Command, measure: Measure, span: Span, typed: str) -> Reading:
    """What was typed, as a row. Raises: Declined."""
    found = taking.take(measure, command.keys, next(iter(command.numbers), "") or typed)
    if isinstance(found, taking.Bad):
        raise Declined(reply_views.flawed(found, measure))
    return Reading(
        measure_id=measure.id,
        period_on=span.last,
        from_on=None if span.first == span.last else span.first,
        value=found.value,
        n=found.n,
        parts=None if found.parts is None else dict(found.parts),
    )


async def _in_place_of(tx: Tx, reading: Reading, earlier: Sequence[Reading]) -> None:
    tx.add(reading)
    await tx.flush()
    for each in earlier:
        each.superseded_by = reading.id
    await tx.flush()


def _span(command: Command, measure: Measure, today: date) -> Span:
    """The period that was typed, or the newest one that is over. Raises: Declined."""
    text, frequency = command.keys.get("period", ""), measure.frequency
    if not text and not command.dates:
        return periods.newest_whole(frequency, today)
    named = periods.named(text, today) if text else None
    if named and named[0] is not frequency:
        raise Declined(reply_views.other_frequency(measure, text))
    if named:
        span = named[1]
    else:
        found = read_past_date(text, today, lambda day: day.weekday() < SATURDAY) if text else command.dates[0]
        if not isinstance(found, date):
            raise Declined(words.unreadable_date(text), code="E-06")
        span = periods.span_of(frequency, found)
    if span.first > today:
        raise Declined(reply_views.not_in_future(views.span(span.first, span.last)))
    return span


async def show_all(event: Asked, tx: Tx, now: datetime) -> Replies:
    """Every measure with its newest number; of one department, or only the stale or unanchored ones."""
    person, chosen = event.by.person, event.command.words
    today = today_in(zone_of(person), now)
    known = await asking.seen_by(tx, person)
    named = event.command.keys.get("dept", "")
    if named:
        department = await asking.the_department(tx, named)
        known = await standing.within(tx, known, department.id)
    if chosen == standing.STALE:
        known = [each for each, _ in await standing.stale(tx, known, today)]
    elif chosen == standing.UNANCHORED:
        known = standing.unanchored(known)
    headlines = await standing.judged(tx, known, today)
    what = " ".join(each for each in (chosen, f"of {department.name}" if named else "") if each)
    return Replies(answer=Answer(views.listed(headlines, what=what)))


async def show(event: Asked, tx: Tx, now: datetime) -> Replies:
    """K-14: one measure, its newest number, and how it came there."""
    person = event.by.person
    measure, _ = await asking.the_measure(tx, asking.spoken(event.command), person)
    today = today_in(zone_of(person), now)
    history = (await newest_readings(tx, [measure.id], today, most=SHOWN_MOST)).get(measure.id, [])
    card = views.shown(
        judging.judge(measure, history),
        history,
        await corrected(tx, measure.id, CORRECTIONS_MOST),
        await standing.around(tx, measure),
    )
    return Replies(answer=Answer(card))
