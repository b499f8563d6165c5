"""What every handler of work asks first: may they, is it legal, which day is meant, and was somebody faster."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date, datetime
from typing import TypeVar

from bot.chat.commands import UnreadableDate
from bot.chat.dates import Ambiguous, read_date
from bot.chat.errors import Declined
from bot.chat.events import By
from bot.chat.localtime import today_in
from bot.guide import views as words
from bot.people import handlers as people
from bot.people import rules as people_rules
from bot.work import rules, views
from bot.work.rules import Move, Part, S
from storage import audit
from storage.columns import Row
from storage.links import End
from storage.organisations import organisation_of
from storage.people import Person, zone_of
from storage.tx import Tx

N = TypeVar("N")


def legal(
    table: Sequence[Move[S]], verb: str, state: S, *, code: str, parts: Collection[Part] | None = None
) -> Sequence[Move[S]]:
    """The moves of that name from a state. Raises: Declined (E-05) where there is none, with what is allowed.

    With `parts`, what is allowed is told as far as somebody with these parts may do it, unless they may do nothing.
    """
    moves = rules.moves_from(table, verb, state)
    if moves:
        return moves
    done = next(move.done for move in table if move.verb == verb)
    allowed = (parts is not None and rules.verbs_from(table, state, parts)) or rules.verbs_from(table, state)
    raise Declined(views.not_now(code, rules.state_words(state), done, allowed), code="E-05")


def permitted(moves: Sequence[Move[S]], parts: Collection[Part], *, code: str) -> Move[S]:
    """The first of some moves that somebody with these parts may make. Raises: Declined (E-03)."""
    mine = next((move for move in moves if not {*move.who}.isdisjoint(parts)), None)
    if mine is None:
        raise Declined(views.only(tuple(dict.fromkeys(part for move in moves for part in move.who)), code), code="E-03")
    return mine


async def not_overtaken(tx: Tx, end: End, row: Row, *, code: str, now: Callable[[], Awaitable[str]]) -> None:
    """Raises: Declined (E-20) when somebody else changed `row` while this event was on its way.

    `now` says how it stands; it is asked when the row has been read anew.
    """
    other = await audit.overtaken_by(tx, end)
    if other is not None:
        await tx.session.refresh(row)
        name = people_rules.first_name(await tx.need(Person, other))
        raise Declined(views.overtaken(name, code, await now()), code="E-20")


async def day_meant(tx: Tx, by: By, text: str, now: datetime, *, line: str) -> date:
    """The day that somebody typed, read where they are. Raises: Declined (E-06, or which of two days)."""
    calendar = (await organisation_of(tx)).calendar
    today = today_in(zone_of(by.person), now)
    found = read_date(text, today, lambda on: people_rules.works_on(by.person, on, calendar))
    if isinstance(found, date):
        return found
    raise words.problem(found if isinstance(found, Ambiguous) else UnreadableDate(text), line)


async def one_person(tx: Tx, by: By, name: str) -> Person:
    """Whom a name or mention means. Raises: Declined (E-10) when it is nobody, or several."""
    found = await people.named(tx, by.place, name)
    if len(found) != 1 or not found[0].active:
        raise await people.several(tx, by.place, name, found)
    return found[0]


def known(row: N | None, code: str, what: str) -> N:
    """Raises: Declined (E-04) where there is no such row."""
    if row is None:
        raise Declined(views.unknown(code, what), code="E-04")
    return row


def at_most(longest: int, text: str, what: str) -> str:
    """`text` as it was typed. Raises: Declined when it is too long to be shown whole."""
    if len(text) > longest:
        raise Declined(views.too_long(what, longest, len(text)))
    return text


def unseen(code: str) -> Declined:
    """E-04 also for what somebody may not see: that it exists is not told."""
    return Declined(views.unknown(code, ""), code="E-04")


async def after_undo(tx: Tx, event_id: int) -> None:
    """The audit trail keeps what was done, and that it was taken back."""
    for each in await audit.of_event(tx, event_id):
        end = (each.thing, each.thing_id)
        audit.note(tx, end, "undo", field=each.field, before=each.after, after=each.before)
    await tx.flush()
