"""The transformation map in the chat: what stands where, who sees it, and how much is asked of the database."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product

import pytest
from sqlalchemy import Engine, update
from sqlalchemy import event as sql
from sqlmodel import select

from bot.chat.cards import Button, Card, LinkButton, Picture, buttons_of
from bot.chat.pictures import ARROWS_MOST, BOXES_MOST, ROWS_MOST, Map
from bot.chat.spans import Hue
from bot.dispatch import Dispatcher
from bot.initiatives.rules import Horizon
from bot.ports import Incoming, Press, Sender, Text
from bot.roadmap import projections, rules, views
from bot.roadmap.rules import HUES, Item
from bot.routes import ROUTES
from bot.work import slip
from storage import roadmap
from storage.engine import Database
from storage.events import EventSeen
from storage.initiatives import Dependency, Domain, Initiative, Milestone, StrategyFrame
from storage.passes import OPENS_FOR, Pass, hash_of
from storage.people import Person
from storage.tx import SYSTEM, Tx
from tests.support.field_dispatch import NORTHWATER, FieldDispatch, field_dispatch
from tests.support.mapped import TODAY, crowded_board, northwater_board, northwater_map
from tests.support.reading import words_of

AT_TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
async def house(database: Database) -> FieldDispatch:
    """Northwater with its map."""
    made = await field_dispatch(database, AT_TEN)
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=AT_TEN)
        await northwater_map(tx)
    return made


class Desk:
    """Somebody at the chat, where pages are at `pages`."""

    def __init__(self, house: FieldDispatch, pages: str | None = "https://bot.example.org") -> None:
        self.house = house
        self._dispatcher = Dispatcher(house.database, ROUTES, house.clock, pages=pages)
        self._events = 0

    async def does(self, who: str, what: str | Press, *, event: str = "") -> Card:
        """What they get in the same breath."""
        self._events += 1
        action = Text(what) if isinstance(what, str) else what
        sender = Sender(who, who.title(), "Europe/London")
        incoming = Incoming("local", "local", event or f"map-{self._events}", f"dm-{who}", True, sender, action)
        answer = await self._dispatcher.handle(incoming)
        assert answer is not None
        assert isinstance(answer.content, Card)
        return answer.content


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every SELECT while the block runs."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    sql.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sql.remove(Engine, "before_cursor_execute", note)


@pytest.mark.req("S3-11", "S3-12", "S3-14")
async def test_the_map_says_what_ends_when_and_what_needs_what_by_domain(house: FieldDispatch) -> None:
    card = await Desk(house).does("dana", "/initiative map")
    said = words_of(card)
    assert card.summary == "Transformation map: 6 initiatives, 1 red, 1 amber, 3 green, 1 without a milestone."
    assert "Short: until Wed 24 Feb 2027 · Mid: until Wed 24 Nov 2027 · Long: later" in said
    for part in (
        "I-1 Fault questions before booking a visit red",
        "Short · until Fri 18 Dec 2026",
        "Mid · until Wed 30 Jun 2027 · needs I-1",
        "Long · no end agreed · needs I-2",
        "Nothing yet in Billing.",
    ):
        assert part in said, part
    picture = next(each for each in card.elements if isinstance(each, Picture))
    assert isinstance(picture.drawing, Map)
    assert set(picture.drawing.arrows) == {("I-1", "I-2"), ("I-1", "I-6"), ("I-2", "I-4")}


@pytest.mark.parametrize(("ends_on", "column"), [
    (date(2027, 2, 24), Horizon.SHORT), (date(2027, 2, 25), Horizon.MID), (date(2027, 11, 24), Horizon.MID),
    (date(2027, 11, 25), Horizon.LONG), (None, Horizon.LONG), (date(2026, 1, 1), Horizon.SHORT),
])  # fmt: skip
@pytest.mark.req("S3-11")
async def test_an_end_on_a_boundary_counts_to_the_earlier_column(house: FieldDispatch, ends_on, column) -> None:
    async with house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=AT_TEN)
        tx.add(Initiative(code="I-7", title="Meter seals", ends_on=ends_on))
        await tx.flush()
        board = await projections.board(tx, TODAY)
    assert [row.name for row in board.rows][-1] == ""
    assert [(each.code, each.horizon) for each in board.rows[-1].items] == [("I-7", column)]


async def test_the_columns_end_where_the_strategy_frame_says(house: FieldDispatch) -> None:
    async with house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=AT_TEN)
        days = (date(2026, 1, 1), date(2027, 12, 31), date(2026, 12, 31), date(2027, 3, 31))
        tx.add(StrategyFrame(valid_from=days[0], valid_to=days[1], short_end=days[2], mid_end=days[3]))
        await tx.flush()
        board = await projections.board(tx, TODAY)
    assert views.columns(board)[:2] == ("Short: until Thu 31 Dec 2026", "Mid: until Wed 31 Mar 2027")
    assert {each.code: each.horizon for each in board.items}["I-2"] is Horizon.LONG


@pytest.mark.parametrize("state", [
    Initiative.State.DELIVERED, Initiative.State.CLOSED, Initiative.State.DROPPED, Initiative.State.STOPPED,
])  # fmt: skip
async def test_what_is_over_is_not_on_the_map_and_nothing_waits_for_it(house: FieldDispatch, state) -> None:
    async with house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=AT_TEN)
        first = await tx.first(select(Initiative).where(Initiative.code == "I-1"))
        assert first is not None
        first.state = state
        await tx.flush()
        board = await projections.board(tx, TODAY)
    assert "I-1" not in [each.code for each in board.items]
    assert {each.code: each.needs for each in board.items}["I-2"] == ()


@pytest.mark.parametrize(("who", "may"), [
    ("dana", True), ("raj", True), ("carl", True), ("cora", True), ("sev", True), ("ivo", True),
    ("amy", False), ("ben", False),
])  # fmt: skip
@pytest.mark.req("S3-12")
async def test_the_map_is_for_those_who_lead(house: FieldDispatch, who, may) -> None:
    said = words_of(await Desk(house).does(who, "/initiative map"))
    assert said.startswith("Transformation map") if may else "Only those who lead" in said


async def test_a_guest_sees_no_map_whatever_they_lead(house: FieldDispatch) -> None:
    async with house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=AT_TEN)
        dana = await tx.first(select(Person).where(Person.name == "Dana"))
        assert dana is not None
        dana.is_external = True
        await tx.flush()
        assert not await projections.may_see(tx, dana)
        dana.is_external, dana.active = False, False
        assert not await projections.may_see(tx, dana)


async def test_the_button_gives_a_link_whose_token_is_kept_nowhere(house: FieldDispatch) -> None:
    desk = Desk(house)
    card = await desk.does("dana", "/initiative map")
    button = next(each for each in buttons_of(card) if isinstance(each, Button))
    assert button.text == "Open the map"
    before = datetime.now(UTC)
    link = buttons_of(await desk.does("dana", Press(button.verb, button.ids), event="pressed"))[0]
    assert isinstance(link, LinkButton)
    page, _, token = link.url.partition("#")
    assert page == "https://bot.example.org/open"
    async with house.database.read(SYSTEM) as tx:
        given = await tx.first(select(Pass))
        seen = await tx.first(select(EventSeen).where(EventSeen.external_id == "pressed"))
    assert given is not None
    assert seen is not None
    assert given.token_hash == hash_of(token)
    assert before <= given.expires_at - OPENS_FOR <= datetime.now(UTC)
    assert token not in str(seen.answer)
    assert token not in str(given)
    again = words_of(await desk.does("dana", Press(button.verb, button.ids), event="pressed"))
    assert "press the button again" in again


async def test_no_button_is_offered_where_there_is_no_page(house: FieldDispatch) -> None:
    desk = Desk(house, pages=None)
    assert not buttons_of(await desk.does("dana", "/initiative map"))
    assert "has no web page here" in words_of(await desk.does("dana", Press("map.open")))


async def test_somebody_who_may_not_see_the_map_gets_no_link_to_it(house: FieldDispatch) -> None:
    assert "Only those who lead" in words_of(await Desk(house).does("amy", Press("map.open")))
    async with house.database.read(SYSTEM) as tx:
        assert await tx.first(select(Pass)) is None


async def test_an_empty_map_says_how_to_begin(house: FieldDispatch) -> None:
    async with house.database.write(NORTHWATER) as tx:
        await tx.run(update(Initiative).values(state=Initiative.State.DROPPED))
    said = words_of(await Desk(house).does("dana", "/initiative map"))
    assert "Nothing is on the transformation map yet" in said
    assert "/initiative idea" in said


async def test_the_map_asks_as_much_of_the_database_for_many_rows_as_for_few(house: FieldDispatch) -> None:
    async with house.database.read(NORTHWATER) as tx:
        with counted() as few:
            await projections.board(tx, TODAY)
    async with house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=AT_TEN)
        await many_rows(tx)
    async with house.database.read(NORTHWATER) as tx:
        with counted() as many:
            board = await projections.board(tx, TODAY)
    assert len(board.items) == 306
    assert len(few) == len(many) == 6


async def many_rows(tx: Tx) -> None:
    """Three hundred initiatives with three milestones each, one waiting for the other."""
    ends = [TODAY + timedelta(days=n) for n in range(300)]
    found = [Initiative(code=f"I-{100 + n}", title="More", ends_on=on) for n, on in enumerate(ends)]
    tx.add(*found)
    await tx.flush()
    ninth = TODAY + timedelta(days=9)
    late = [
        Milestone(code=f"{each.code}-{n}", initiative_id=each.id, title="", forecast_on=ninth, baseline_on=TODAY)
        for each in found
        for n in range(3)
    ]
    tx.add(*late)
    await tx.flush()
    for one, other in pairwise(found):
        tx.add(Dependency(thing="initiative", from_id=one.id, to_id=other.id))
    for before, after in pairwise(late):
        tx.add(Dependency(thing="milestone", from_id=before.id, to_id=after.id))
    await tx.flush()


async def test_another_organisation_s_initiatives_are_never_on_it(house: FieldDispatch) -> None:
    async with house.database.read(NORTHWATER + 1) as tx:
        assert not (await projections.board(tx, TODAY)).items


@pytest.mark.req("S3-14")
async def test_the_colours_are_those_of_the_milestones_own_rule(house: FieldDispatch) -> None:
    """Every slip beside every distance to today, claimed or pushed or neither, moving another one or not."""
    state = Milestone.State
    async with house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=AT_TEN)
        cases = list(product((-3, 0, 1, 10, 11, 21), (-5, 0, 5), (None, 0, 30), ("", "claimed", "pushed")))
        found = [Initiative(code=f"I-{100 + n}", title="More") for n in range(len(cases))]
        tx.add(*found)
        await tx.flush()
        ours = [_milestone(each, *case) for each, case in zip(found, cases, strict=True)]
        by = TODAY + timedelta(days=15)
        others = [
            Milestone(code=f"O-{n}", initiative_id=ours[0].initiative_id, title="", forecast_on=TODAY, baseline_on=by,
                      duration_days=3, state=state.PLANNED)
            for n in range(len(cases))
        ]  # fmt: skip
        tx.add(*ours, *others)
        await tx.flush()
        for (_, _, lag, _), one, other in zip(cases, ours, others, strict=True):
            if lag is not None:
                tx.add(Dependency(thing="milestone", from_id=one.id, to_id=other.id, lag_days=lag))
        await tx.flush()
        worst = await roadmap.worst_milestones(tx, TODAY, amber_most=slip.AMBER_MOST)
        for case, one, other in zip(cases, ours, others, strict=True):
            pushes = case[2] is not None and slip.pushes(one, case[2], other)
            assert HUES[worst[one.initiative_id]] is slip.hue_of(one, TODAY, pushes_another=pushes), case


def _milestone(of: Initiative, slipped: int, begins: int, _lag: int | None, how: str) -> Milestone:
    on = TODAY + timedelta(days=begins)
    elsewhere = TODAY + timedelta(days=40)
    return Milestone(
        code=f"M-{of.code}",
        initiative_id=of.id,
        title="",
        baseline_on=on - timedelta(days=slipped),
        forecast_on=elsewhere if how else on,
        state=Milestone.State.CLAIMED if how == "claimed" else Milestone.State.PLANNED,
        claimed_on=on if how == "claimed" else None,
        proposed_on=on if how == "pushed" else None,
    )


def test_a_crowded_map_shows_a_bounded_part_and_says_how_much_more_there_is() -> None:
    board = crowded_board()
    card = views.card(board, can_open=True)
    picture = next(each for each in card.elements if isinstance(each, Picture))
    assert isinstance(picture.drawing, Map)
    assert len(picture.drawing.rows) == ROWS_MOST
    assert len(picture.drawing.arrows) <= ARROWS_MOST
    assert len(picture.alt) <= views.ALT_MOST
    for row in picture.drawing.rows:
        for cell in row.cells:
            assert len(cell.boxes) < BOXES_MOST
    shown = sum(len(cell.boxes) + cell.more for row in picture.drawing.rows for cell in row.cells)
    assert shown == ROWS_MOST * 170
    assert len(words_of(card)) < 6_000
    assert "And 1020 initiatives in 6 more domains." in words_of(card)
    assert "+169 more: " in words_of(card)


def test_of_too_many_the_red_ones_are_shown() -> None:
    items = [Item(f"I-{n}", "", Horizon.SHORT, TODAY, Hue.RED if n == 9 else Hue.GREEN) for n in range(12)]
    assert [each.code for each in rules.picked(items, 2)] == ["I-0", "I-9"]


def test_the_picture_holds_no_title() -> None:
    drawing = views.drawing(northwater_board())
    assert not any(item.title in repr(dataclasses.asdict(drawing)) for item in northwater_board().items)


def test_the_words_beside_the_picture_say_all_of_it() -> None:
    board = northwater_board()
    said = views.alt(board, views.drawing(board))
    assert said == (
        "6 initiatives, 1 red, 1 amber, 3 green, 1 without a milestone. "
        "Short: I-1 red in Call centre; I-3 green in Digital; I-5 in Whole company. "
        "Mid: I-6 green in Call centre; I-2 amber in Field. Long: I-4 green in Digital. "
        "I-6 needs I-1. I-2 needs I-1. I-4 needs I-2."
    )


def test_domains_without_anything_stay_on_the_map() -> None:
    assert [row.name for row in views.drawing(northwater_board()).rows][-1] == "Billing"
    assert Domain(name="Billing").name
