"""`/initiative`, `/initiative show`: looking."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.chat.cards import LINES_SHOWN, Card
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, row_number
from bot.chat.replies import Answer, Replies
from bot.initiatives import asking, finding, list_views, views
from bot.initiatives.rules import FINAL, State
from bot.initiatives.views import Around
from bot.people.proposing import offered
from bot.work import handlers as work
from bot.work.rules import state_words
from storage import portfolio
from storage.initiatives import Initiative, batch_coded
from storage.portfolio import Sought
from storage.tx import Tx

MINE, UNTAGGED, ALL = "mine", "untagged", "all"


async def show(event: Asked, tx: Tx, now: datetime) -> Replies:
    """One initiative."""
    return Replies(answer=Answer(await card_of(tx, event.by, await asking.the_initiative(tx, event), now)))


async def card_of(tx: Tx, by: By, initiative: Initiative, now: datetime) -> Card:
    """K-06 as the one who asks sees it."""
    around = await finding.around(tx, initiative, finding.today_of(by.person, now))
    if by.person.is_external:
        around = await _as_guests_see(tx, around, by.person.id)
    parts = await finding.parts_of(tx, initiative, by.person, now)
    more = await offered(tx, by.person, initiative.code) if initiative.state not in FINAL else ()
    return views.card(around, parts=parts, more=more)


async def _as_guests_see(tx: Tx, around: Around, person_id: int) -> Around:
    """Without what it hangs on where they have no part in that."""
    near = [each.id for each in (*(row for row, _ in around.waits_for), *around.needed_by)]
    seen = await portfolio.seen_by(tx, near, person_id)
    return replace(
        around,
        waits_for=[(each, lag) for each, lag in around.waits_for if each.id in seen],
        needed_by=[each for each in around.needed_by if each.id in seen],
    )


async def show_list(event: Asked, tx: Tx, now: datetime) -> Replies:
    """Those that are not over, or those that some words select; `/initiative I-4` is that one."""
    if event.command.codes:
        return await show(event, tx, now)
    what = await _wanted(tx, event)
    return Replies(answer=Answer(await _page(tx, event.by, what, first=0, now=now)))


async def more(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**More**: the next ten."""
    what = _carried(event.ids)
    return Replies(answer=Answer(await _page(tx, event.by, what, first=event.number("first"), now=now)))


@dataclass(frozen=True, slots=True)
class _Wanted:
    what: Sought
    filters: tuple[str, ...] = ()

    def but(self, word: str, what: Sought) -> "_Wanted":
        return _Wanted(what, (*self.filters, word))


async def _wanted(tx: Tx, event: Asked) -> _Wanted:
    """Raises: Declined for words that select nothing."""
    command = event.command
    wanted = _of_words(command.words, event.by.person.id)
    if name := command.keys.get("domain", ""):
        domain = await asking.the_domain(tx, name, event.by.person)
        wanted = wanted.but(domain.name, replace(wanted.what, domain_id=domain.id))
    if code := command.keys.get("batch", ""):
        if event.by.person.is_external:
            raise work.unseen(code)
        batch = work.known(await batch_coded(tx, code), code, "batch")
        wanted = wanted.but(batch.code, replace(wanted.what, batch_id=batch.id))
    return wanted


def _of_words(words: str, person_id: int) -> _Wanted:
    left = f" {re.sub('[_,-]', ' ', words.casefold())} "
    states = [state for state in State if f" {state_words(state)} " in left]
    for state in states:
        left = left.replace(f" {state_words(state)} ", "  ")
    wanted = (
        _Wanted(Sought(states=states), tuple(state_words(each) for each in states)) if states else _Wanted(Sought())
    )
    for word in left.split():
        match word:
            case "mine":
                wanted = wanted.but(MINE, replace(wanted.what, of_person=person_id))
            case "untagged":
                wanted = wanted.but("without an objective", replace(wanted.what, untagged=True))
            case "all":
                wanted = wanted.but("all states", replace(wanted.what, states=tuple(State)))
            case _:
                known = [state_words(state) for state in State] + [MINE, UNTAGGED, ALL]
                raise Declined(list_views.not_a_filter(word, known))
    return wanted


def _again(wanted: _Wanted) -> Mapping[str, str]:
    what = wanted.what
    return {
        "states": ",".join(what.states),
        "domain": str(what.domain_id or ""),
        "batch": str(what.batch_id or ""),
        "person": str(what.of_person or ""),
        "untagged": "yes" if what.untagged else "",
        "filters": ",".join(wanted.filters),
    }


def _carried(ids: Mapping[str, str]) -> _Wanted:
    states = [State(each) for each in ids.get("states", "").split(",") if each in {*State}]
    return _Wanted(
        Sought(
            states=states,
            domain_id=row_number(ids.get("domain", "")) or None,
            batch_id=row_number(ids.get("batch", "")) or None,
            of_person=row_number(ids.get("person", "")) or None,
            untagged=bool(ids.get("untagged")),
        ),
        tuple(each for each in ids.get("filters", "").split(",") if each),
    )


async def _page(tx: Tx, by: By, wanted: _Wanted, *, first: int, now: datetime) -> Card:
    today = finding.today_of(by.person, now)
    what = replace(wanted.what, seen_by=by.person.id) if by.person.is_external else wanted.what
    rows, number = await portfolio.sought(tx, what, first=first, most=LINES_SHOWN)
    page = list_views.Page(
        rows,
        number,
        first,
        wanted.filters,
        people=await portfolio.people_numbered(tx, _owners(rows)),
        hues=await finding.hues(tx, [each.id for each in rows], today),
        frame=await portfolio.frame_on(tx, today),
        today=today,
    )
    return list_views.listed(page, _again(wanted))


def _owners(rows: Sequence[Initiative]) -> Sequence[int | None]:
    return [each.owner_id for each in rows]
