"""The words by which work is found: one table for every kind of thing, kept whenever a thing is written.

The words are folded in Python and compared as they stand, so that both databases find the same: SQLite's own LIKE
folds only ASCII, and what PostgreSQL folds depends on how its cluster was made.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Index, delete, event, func, insert, inspect
from sqlalchemy.orm import Session, UOWTransaction
from sqlmodel import Field, UniqueConstraint, and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.actions import Action, ActionHelper
from storage.agenda import ON_PAPER, AgendaItem
from storage.blockers import Blocker, near, went_up_to
from storage.columns import Noun, Row, RowId, constraints, personal, word
from storage.councils import Council, Seat
from storage.customers import VocItem
from storage.decisions import Decision
from storage.initiatives import Batch, Initiative, Milestone, Objective, Stakeholder
from storage.links import End, Thing
from storage.measures import Measure
from storage.people import Person
from storage.ranking import RankingRound
from storage.tx import BoundSession, Tx


class SearchEntry(Row, table=True):
    """What one thing is found by, folded: its code, its title, and all of its words with both of them."""

    __table_args__ = constraints(
        UniqueConstraint("organisation_id", "thing", "thing_id"), Index("search_code", "organisation_id", "code")
    )
    thing: Thing = word(Thing)
    thing_id: int = Field(sa_type=RowId)
    code: str
    title: str = personal()
    words: str = personal()


FOUND_MAX = 500
"""Things that are looked through; who finds more needs another word rather than another page."""


class FoundBy(NamedTuple):
    """By which of its columns a kind of row is found, beside its code."""

    thing: Thing
    title: str
    more: tuple[str, ...] = ()


FOUND_BY: Mapping[type[Noun], FoundBy] = {
    Action: FoundBy(Thing.ACTION, "title", ("done_when", "evidence")),
    Blocker: FoundBy(Thing.BLOCKER, "text", ("resolution",)),
    Initiative: FoundBy(Thing.INITIATIVE, "title", ("stage",)),
    Milestone: FoundBy(Thing.MILESTONE, "title", ("reason", "evidence")),
    Batch: FoundBy(Thing.BATCH, "name"),
    Objective: FoundBy(Thing.OBJECTIVE, "name", ("financial_outcome",)),
    Measure: FoundBy(Thing.MEASURE, "name"),
    VocItem: FoundBy(Thing.VOC, "words"),
    AgendaItem: FoundBy(Thing.AGENDA_ITEM, "title", ("outcome",)),
    Decision: FoundBy(Thing.DECISION, "text", ("reason", "implications", "customer_view")),
    RankingRound: FoundBy(Thing.RANKING, "code"),
}
"""Whose rows can be found."""


def folded(text: str) -> str:
    """`text` as it is compared: `STRASSE`, `Straße` and `strasse` are one word."""
    return unicodedata.normalize("NFKC", text.replace("\0", "")).casefold()


def entry_of(kind: type[Noun], columns: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a row, from its columns."""
    found_by = FOUND_BY[kind]
    code, title = columns.get("code", ""), columns[found_by.title]
    parts = (code, title, *(columns[name] for name in found_by.more))
    return {
        "organisation_id": columns["organisation_id"],
        "thing": found_by.thing,
        "thing_id": columns["id"],
        "code": folded(code),
        "title": folded(title),
        "words": folded("\n".join(part for part in parts if part)),
    }


@event.listens_for(BoundSession, "after_flush")
def _keep_words(session: Session, _context: UOWTransaction) -> None:
    """A row that was written is found by its newest words, and one that was deleted no more."""
    new, changed = list(_kept(session.new)), [row for row in _kept(session.dirty) if _is_reworded(row)]
    gone = [*changed, *_kept(session.deleted)]
    for kind, found_by in FOUND_BY.items():
        numbers = [row.id for row in gone if type(row) is kind]
        if numbers:
            of_them = (col(SearchEntry.thing) == found_by.thing, col(SearchEntry.thing_id).in_(numbers))
            session.connection().execute(delete(SearchEntry).where(*of_them))
    entries = [entry_of(type(row), vars(row)) for row in (*new, *changed) if not _is_withdrawn(row)]
    if entries:
        session.connection().execute(insert(SearchEntry), entries)


def _kept(rows: Iterable[object]) -> Iterator[Noun]:
    return (row for row in rows if isinstance(row, Noun) and type(row) in FOUND_BY)


def _is_reworded(row: Noun) -> bool:
    found_by, state = FOUND_BY[type(row)], inspect(row)
    named = {"code", "state", found_by.title, *found_by.more} & {*state.attrs.keys()}
    return any(state.attrs[name].history.has_changes() for name in named)


def _is_withdrawn(row: Noun) -> bool:
    return isinstance(row, VocItem) and row.state is VocItem.State.WITHDRAWN


# --- what somebody may see


def seen_by(person: Person, today: date) -> ColumnElement[bool]:
    """The entries that somebody may find: guests what is theirs; of blockers, everybody those near to them."""
    thing, number = col(SearchEntry.thing), col(SearchEntry.thing_id)
    councils = _of_councils(person, today)
    if not person.is_external:
        near_ones = number.in_(select(col(Blocker.id)).where(near(person, today)))
        return or_(
            thing.not_in((Thing.BLOCKER, Thing.AGENDA_ITEM, Thing.DECISION)),
            and_(thing == Thing.BLOCKER, near_ones),
            _of_council(councils, everybody=True),
        )
    initiatives = select(Initiative.id).where(
        or_(
            Initiative.owner_id == person.id,
            Initiative.sponsor_id == person.id,
            col(Initiative.id).in_(select(Stakeholder.initiative_id).where(Stakeholder.person_id == person.id)),
        )
    )
    helps = select(ActionHelper.action_id).where(ActionHelper.person_id == person.id)
    actions = or_(Action.owner_id == person.id, Action.requester_id == person.id, col(Action.id).in_(helps))
    blockers = or_(Blocker.raised_by == person.id, Blocker.taken_by == person.id, went_up_to(person.id))
    return or_(
        and_(thing == Thing.ACTION, number.in_(select(col(Action.id)).where(actions))),
        and_(thing == Thing.INITIATIVE, number.in_(initiatives)),
        and_(thing == Thing.MILESTONE, number.in_(select(col(Milestone.id)).where(Milestone.owner_id == person.id))),
        and_(thing == Thing.BLOCKER, number.in_(select(col(Blocker.id)).where(blockers))),
        and_(thing == Thing.VOC, number.in_(select(VocItem.id).where(VocItem.heard_by == person.id))),
        and_(thing == Thing.OBJECTIVE, number.in_(select(Objective.id).where(Objective.owner_id == person.id))),
        and_(thing == Thing.MEASURE, number.in_(select(Measure.id).where(Measure.owner_id == person.id))),
        _of_council(councils, everybody=False),
    )


def _of_councils(person: Person, today: date) -> SelectOfScalar[int]:
    """The councils that somebody runs or has a seat in, also as a deputy."""
    until = or_(col(Seat.to_on).is_(None), col(Seat.to_on) >= today)
    seated = or_(Seat.person_id == person.id, Seat.deputy_id == person.id)
    held = select(col(Seat.council_id)).where(seated, col(Seat.from_on) <= today, until)
    runs = or_(Council.chair_id == person.id, Council.secretary_id == person.id, Council.sponsor_id == person.id)
    return select(col(Council.id)).where(or_(runs, col(Council.id).in_(held)))


def _of_council(councils: SelectOfScalar[int], *, everybody: bool) -> ColumnElement[bool]:
    """Items and decisions of some councils; for `everybody` also what came out and is not internal."""
    items: ColumnElement[bool] = col(AgendaItem.council_id).in_(councils)
    decisions: ColumnElement[bool] = col(Decision.council_id).in_(councils)
    if everybody:
        items = or_(items, and_(col(AgendaItem.state).in_(ON_PAPER), _is_open_item()))
        decisions = or_(decisions, _is_open_decision())
    else:
        items = and_(items, _is_open_item())
        decisions = and_(decisions, _is_open_decision())
    thing, number = col(SearchEntry.thing), col(SearchEntry.thing_id)
    return or_(
        and_(thing == Thing.AGENDA_ITEM, number.in_(select(col(AgendaItem.id)).where(items))),
        and_(thing == Thing.DECISION, number.in_(select(col(Decision.id)).where(decisions))),
    )


def _is_open_item() -> ColumnElement[bool]:
    return col(AgendaItem.internal).is_(False)


def _is_open_decision() -> ColumnElement[bool]:
    """A decision that is not internal, nor made about an internal item."""
    hidden = select(col(AgendaItem.id)).where(col(AgendaItem.internal).is_(True))
    about = or_(col(Decision.item_id).is_(None), col(Decision.item_id).not_in(hidden))
    return and_(col(Decision.internal).is_(False), about)


# --- the questions


async def coded(tx: Tx, code: str) -> End | None:
    """What has a code, in any case."""
    mine = col(SearchEntry.code) == folded(code)
    found = await tx.columns(select(col(SearchEntry.thing), col(SearchEntry.thing_id)).where(mine).limit(1))
    return (found[0][0], found[0][1]) if found else None


async def among(tx: Tx, ends: Collection[End], seen: ColumnElement[bool]) -> frozenset[End]:
    """Those of some things that may be seen."""
    kinds = {thing for thing, _ in ends}
    mine = [
        and_(
            col(SearchEntry.thing) == kind,
            col(SearchEntry.thing_id).in_([number for thing, number in ends if thing is kind]),
        )
        for kind in sorted(kinds)
    ]
    if not mine:
        return frozenset()
    found = await tx.columns(select(col(SearchEntry.thing), col(SearchEntry.thing_id)).where(or_(*mine), seen))
    return frozenset((thing, number) for thing, number in found)


async def found_by(tx: Tx, terms: Sequence[str], seen: ColumnElement[bool]) -> Sequence[End]:
    """What has all of some terms, at most FOUND_MAX and one more, of which the newest.

    What is called so comes first, then titles that begin with the terms, titles that have them, and others; the newest
    first among equals.
    """
    wanted = [folded(term) for term in terms]
    whole = " ".join(wanted)
    words, is_sqlite = col(SearchEntry.words), tx.session.get_bind().dialect.name == "sqlite"
    columns = (col(SearchEntry.thing), col(SearchEntry.thing_id), col(SearchEntry.code), col(SearchEntry.title))
    newest = select(*columns).order_by(col(SearchEntry.id).desc())
    # What people type has no wildcards. Each database has its own fastest way; on folded words both find the same.
    having = [words.contains(term, autoescape=True) if is_sqlite else func.strpos(words, term) > 0 for term in wanted]
    called_so = await tx.columns(newest.where(col(SearchEntry.code) == whole, seen).limit(1))
    rows = [*called_so, *await tx.columns(newest.where(*having, seen).limit(FOUND_MAX + 1))]

    def rank(code: str, title: str) -> int:
        if code == whole:
            return 0
        return 1 if title.startswith(whole) else 2 if all(term in title for term in wanted) else 3

    ranked = sorted(rows, key=lambda row: rank(row[2], row[3]))
    return list(dict.fromkeys((thing, number) for thing, number, _, _ in ranked))
