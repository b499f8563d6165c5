"""What somebody's status in the chat suggests: one private question, and nothing is noted before they say yes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.dates import Period
from bot.chat.errors import Declined
from bot.chat.events import Due, Pressed
from bot.chat.localtime import midnight_after, today_in
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.chat.routing import Reader
from bot.guide import views as words
from bot.huddles import absence
from bot.people.rules import away, first_name
from bot.ports import Status
from bot.quiet import rules, status_views
from storage.cadences import Occurrence
from storage.inserting import add_once
from storage.messages import Lane
from storage.people import Person, absences, zone_of
from storage.quiet import StatusHint
from storage.tx import Tx

VIEW, STEP = "quiet.status", "quiet.status"
LATE = timedelta(hours=12)

State = StatusHint.State


async def noticed(tx: Tx, person: Person, status: Status, now: datetime) -> None:
    """A platform says what somebody's status is now: where it sounds like days away, they are asked, once."""
    standing = await tx.first(
        select(StatusHint)
        .where(StatusHint.person_id == person.id, col(StatusHint.stands).is_(True))
        .order_by(col(StatusHint.id).desc())
    )
    today = today_in(zone_of(person), now)
    last = rules.last_day(status, zone_of(person))
    is_away = rules.sounds_away(status) and (last is None or last >= today)
    if standing is not None:
        if is_away and standing.to_on == last:
            return
        standing.stands = False
    if not is_away or not person.active or await _is_known(tx, person, today, last):
        return
    hint = StatusHint(person_id=person.id, from_on=today, to_on=last)
    tx.add(hint)
    await tx.flush()
    await add_once(tx, Occurrence(key=f"{STEP}:{hint.id}", kind=STEP, subject_id=hint.id, due_at=now))


async def _is_known(tx: Tx, person: Person, today: date, last: date | None) -> bool:
    known = away(await absences(tx, [person.id], today, today), person.id, today)
    return known is not None and (known.to_on is None or (last is not None and known.to_on >= last))


async def ask(event: Due, tx: Tx, _now: datetime) -> Replies:
    """The question is wanted, unless it is late or settled."""
    hint = await tx.get(StatusHint, event.subject_id)
    if hint is None or hint.state is not State.ASKED or event.missed:
        return Replies(skipped=True)
    person = await tx.need(Person, hint.person_id)
    last = None if hint.to_on is None else midnight_after(hint.to_on, zone_of(person))
    key = f"{VIEW}:{hint.id}"
    # Urgent, because to who seems to be away it could never come at another time; it is asked once for a status.
    show = Show(key, person, VIEW, {"hint": hint.id}, Lane.Traffic.PROMPT, not_after=last, urgent=True)
    return Replies(show=(show,), outcome=status_views.said(first_name(person)))


async def question(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """The question, or what was said to it."""
    hint = await tx.get(StatusHint, ids["hint"])
    if hint is None or reader.person is None:
        return None
    match hint.state:
        case State.ASKED:
            return status_views.question(hint.from_on, hint.to_on, hint.id)
        case State.NOTED:
            return status_views.noted(hint.from_on, hint.to_on)
        case State.DECLINED:
            return status_views.declined()


async def yes(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Away until …**."""
    hint = await _open(event, tx)
    today = today_in(zone_of(event.by.person), now)
    if hint.to_on is not None and hint.to_on < today:
        raise Declined(status_views.is_over())
    hint.state = State.NOTED
    period = Period(max(hint.from_on, today), hint.to_on)
    return await absence.noted(tx, event.by.person, period, now) + _remade(hint)


async def no(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**No**."""
    hint = await _open(event, tx)
    hint.state = State.DECLINED
    return Replies(answer=Answer(status_views.declined())) + _remade(hint)


def _remade(hint: StatusHint) -> Replies:
    return Replies(refresh=(Refresh(VIEW, {"hint": hint.id}),))


async def _open(event: Pressed, tx: Tx) -> StatusHint:
    hint = await tx.get(StatusHint, event.number("hint"))
    if hint is None or hint.person_id != event.by.person.id:
        raise Declined(words.old_button())
    if hint.state is not State.ASKED:
        raise Declined(status_views.answered_before())
    return hint
