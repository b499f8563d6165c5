"""`/search words` and `/search trace CODE`."""

from dataclasses import replace
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, row_number
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.search import rules, tracing, views
from bot.search.kinds import names, pieces
from bot.search.shapes import Trail
from storage.links import End, Thing
from storage.people import zone_of
from storage.searching import among, coded, found_by, seen_by
from storage.tx import Tx


async def search(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/search words`: the first page of what this person may see."""
    looked_for = rules.terms(event.command.words, event.command.quoted)
    if not looked_for:
        raise Declined(views.which_words())
    if len(looked_for) > rules.TERMS_MAX:
        raise Declined(views.too_many_words(len(looked_for)))
    length = len(rules.line_of(looked_for))
    if length > rules.WORDS_MAX:
        raise Declined(views.too_long(length))
    return Replies(answer=Answer(await _page(tx, event.by, looked_for, 0, now=now)))


async def more(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**More** and **Back**: another page of the same search."""
    looked_for = rules.read_line(event.ids.get("words", "")[: 2 * rules.WORDS_MAX])[: rules.TERMS_MAX]
    if not looked_for:
        raise Declined(views.which_words())
    after = row_number(event.ids.get("after", ""))
    return Replies(answer=Answer(await _page(tx, event.by, looked_for, after, now=now)))


async def _page(tx: Tx, by: By, looked_for: tuple[str, ...], after: int, *, now: datetime) -> Card:
    seen = seen_by(by.person, today_in(zone_of(by.person), now))
    found = await found_by(tx, looked_for, seen)
    page = found[after : after + rules.PAGE]
    known = await pieces(tx, page)
    hits = [known[end] for end in page if end in known]
    if not hits:
        return views.nothing(looked_for)
    return views.found(looked_for, hits, await names(tx, hits), after=after, total=len(found))


async def trace(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/search trace A-104`, `trace A-104`."""
    if not event.command.codes:
        raise Declined(views.which_code())
    return await _traced(tx, event.by, event.command.codes[0], now)


_WITH_WORDS = (Thing.BLOCKER, Thing.AGENDA_ITEM, Thing.DECISION)


async def trace_pressed(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Trace A-104**."""
    return await _traced(tx, event.by, event.ids.get("code", ""), now)


async def _traced(tx: Tx, by: By, code: str, now: datetime) -> Replies:
    end = await coded(tx, code) if code else None
    root = (await pieces(tx, [end])).get(end) if end is not None else None
    if root is None:
        raise Declined(views.unknown(code), code="E-04")
    found = await tracing.trail(tx, root)
    seen = await among(tx, found.known.keys(), seen_by(by.person, today_in(zone_of(by.person), now)))
    if by.person.is_external and root.end not in seen:
        raise Declined(views.unknown(code), code="E-04")
    hidden = _kept_from_guests(found, seen) if by.person.is_external else 0
    _without_words(found, seen)
    return Replies(answer=Answer(views.traced(found, hidden=hidden)))


def _kept_from_guests(found: Trail, seen: frozenset[End]) -> int:
    """Takes out what a guest may not see, and says how much that is; the number of what is beyond is no secret."""
    left = [step for step in found.steps if step.end in seen]
    hidden = len(found.steps) - len(left)
    found.steps = [step if step.near in seen else replace(step, near=found.root.end) for step in left]
    found.more = {}
    return hidden


def _without_words(found: Trail, seen: frozenset[End]) -> None:
    """Words stay with those near to a blocker, and with who may read a council's; code and state are everybody's."""
    for end, piece in found.known.items():
        if end[0] in _WITH_WORDS and end not in seen:
            found.known[end] = replace(piece, title=views.kept(end[0]), person_id=None)
    found.root = found.known[found.root.end]
