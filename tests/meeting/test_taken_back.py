"""A step of a meeting that was pressed by mistake is taken back, with the clock, as long as nothing went on since."""

import pytest

from bot.chat.cards import Card
from bot.ports import Press
from storage.agenda import AgendaItem, AgendaSection
from storage.decisions import Decision
from tests.meeting.hall import BEGINS, Hall, begun
from tests.minutes.held import DRAFTED
from tests.support.reading import labels_of

pytestmark = pytest.mark.req("S2-31")
State = AgendaItem.State


def undo_of(hall: Hall, who: str = "cora") -> Card:
    """The card with which somebody runs the meeting, where it has an Undo."""
    return next(each.card for each in hall.posts(who) if "meeting.chair" in each.key)


def offered(hall: Hall, who: str = "cora") -> list[str]:
    """What can be taken back on it."""
    return [each for each in labels_of(undo_of(hall, who)) if each.startswith("Undo")]


async def test_going_on_by_mistake_is_taken_back_with_the_clock(hall: Hall) -> None:
    one, two = await hall.put("Second visits", 5), await hall.put("Christmas hours", 7)
    await begun(hall)
    await hall.says("cora", "/council item 5.1")
    await hall.at(3)
    await hall.press("cora", "Next item")
    assert "7 Future initiatives" in hall.room
    await hall.at(4)
    assert offered(hall) == ["Undo: back to 5.1"]
    assert "Undone" in await hall.presses("cora", "Undo: back to 5.1", undo_of(hall))
    assert offered(hall) == []
    meeting = await hall.meeting()
    assert (meeting.section, meeting.item_id) == (5, one.id)
    assert (await hall.item(two)).state is State.PUBLISHED
    assert (await hall.item(one)).state is State.IN_DISCUSSION
    last = (await hall.stretches())[-1]
    assert (last.section, last.item_id, last.from_at, last.to_at) == (5, one.id, BEGINS, None)
    states = {each.section: each.state for each in await hall.sections()}
    assert states[5] is AgendaSection.State.CURRENT
    assert "5.1 Second visits" in hall.room
    assert "5.1 Second visits" in hall.own("cora")
    assert "5.1 Second visits" in hall.own("sev")
    await hall.at(12.5)
    assert "3 minutes" in hall.heard("cora")[-1], "the clock of section 5 speaks at four fifths of its 15 minutes"


async def test_a_line_that_took_it_on_has_its_undo_and_consent_items_are_open_again(hall: Hall) -> None:
    agreed = await hall.put("Holiday rota", 1, consent=True)
    await hall.put("Christmas hours", 7)
    await begun(hall)
    answer = await hall.ask("cora", "/council item 7.1")
    assert isinstance(answer.content, Card)
    assert (await hall.item(agreed)).state is State.NOTED
    assert "Undone" in await hall.presses("cora", "Undo", answer.content)
    assert (await hall.item(agreed)).state is State.PUBLISHED
    assert (await hall.meeting()).section == 1


async def test_once_the_meeting_has_gone_on_the_step_stays_and_the_answer_says_where_it_is(hall: Hall) -> None:
    await hall.put("Second visits", 5)
    await hall.put("Christmas hours", 7)
    await begun(hall)
    first = await hall.ask("cora", "/council item 5.1")
    assert isinstance(first.content, Card)
    await hall.says("sev", "/council next")
    said = await hall.presses("cora", "Undo", first.content)
    assert "has gone on since, so this step can't be taken back. It is at 6 Customer measures now." in said
    assert "`/council item 1` goes back to 1. Nothing was changed." in said
    assert (await hall.meeting()).section == 6
    assert (offered(hall), offered(hall, "sev")) == ([], ["Undo: back to 5.1"]), "Sev took it on, so Sev takes it back"


async def test_in_a_recess_and_after_the_end_nothing_is_taken_back(hall: Hall) -> None:
    await hall.put("Second visits", 5)
    await begun(hall)
    step = await hall.ask("cora", "/council item 5.1")
    assert isinstance(step.content, Card)
    await hall.says("cora", "/council recess")
    assert "so it can't be taken back" in await hall.presses("cora", "Undo", step.content)
    assert (await hall.meeting()).section == 5


async def test_how_it_began_is_no_step_to_take_back(hall: Hall) -> None:
    await begun(hall)
    assert offered(hall) == []


async def test_after_five_minutes_no_undo_is_offered(hall: Hall) -> None:
    await hall.put("Second visits", 5)
    await begun(hall)
    await hall.says("cora", "/council item 5.1")
    assert offered(hall) == ["Undo: back to 1"]
    await hall.at(6)
    await hall.says("sev", "/council extend")
    assert offered(hall) == []


@pytest.mark.parametrize("lines", [("/council extend",), ("/council recess", "/council resume")])
async def test_what_can_not_be_taken_back_any_more_is_not_offered(hall: Hall, lines: tuple[str, ...]) -> None:
    await begun(hall)
    await hall.says("cora", "/council item 6")
    assert offered(hall) == ["Undo: back to 1"]
    for line in lines:
        await hall.says("cora", line)
    assert offered(hall) == []


async def test_twice_taken_back_is_said_and_changes_nothing(hall: Hall) -> None:
    await hall.put("Second visits", 5)
    await begun(hall)
    await hall.says("cora", "/council item 5.1")
    card = undo_of(hall)
    await hall.presses("cora", "Undo: back to 1", card)
    before = await hall.stretches()
    assert "undone already" in await hall.presses("cora", "Undo: back to 1", card)
    assert await hall.stretches() == before


async def test_an_item_that_was_skipped_by_mistake_is_open_again_and_stands_on_no_other_agenda(hall: Hall) -> None:
    item = await hall.put("Second visits", 5)
    await begun(hall)
    await hall.says("cora", "/council item 5.1")
    form = await hall.opens("cora", "Defer")
    answer = await hall.fills("cora", form, {"why": "Raj is away"})
    assert (await hall.item(item)).state is State.DEFERRED
    following = await hall.following()
    assert [each.title for each in await hall.items(following.id)] == ["Second visits"]
    assert isinstance(answer.content, Card)
    assert "Undone" in await hall.presses("cora", "Undo", answer.content)
    assert (await hall.item(item)).state is State.IN_DISCUSSION
    assert await hall.items(following.id) == []
    assert (await hall.meeting()).item_id == item.id


DECIDE = '/council decide "{}" reason:"Fair" means:"Field: fewer"'


async def settles(hall: Hall, item: AgendaItem, **values: str) -> Card:
    """Cora settles an item in the form; the card with its Undo."""
    form = await hall.form("cora", Press("meeting.settle", {"meeting": str(hall.meeting_id)}))
    answer = await hall.fills("cora", form, {"item": str(item.id), "why": "Raj is away", **values})
    assert isinstance(answer.content, Card)
    return answer.content


async def decides(hall: Hall, text: str) -> Card:
    """Cora records a decision; the card with its Undo."""
    answer = await hall.ask("cora", DECIDE.format(text))
    assert isinstance(answer.content, Card)
    return answer.content


async def test_once_the_meeting_is_over_no_undo_opens_an_item_of_it_again(hall: Hall) -> None:
    raj = (await hall.person("Raj")).id
    items = [
        await hall.put("Second visits", 5),
        await hall.put("Holiday rota", 7),
        await hall.put("Post", 7, owner_id=raj),
    ]
    parked = await hall.put("Uniforms", 7)
    await begun(hall)
    await hall.are_here("Ann", "Raj", "Bea", "Dov", "Mia")
    await hall.says("cora", "/council item 5.1")
    cards = {
        "/council reopen D-1` with a reason puts it on the next agenda": await decides(hall, "Refund them"),
        "7.1 can't be opened again. It stands on the next agenda": await settles(hall, items[1], outcome="deferred"),
        "7.2 can't be opened again. `/agenda add` puts it": await settles(hall, items[2], outcome="actioned"),
        "`/agenda parked` lists it, and brings it back": await settles(hall, parked, outcome="parked"),
    }
    await hall.at(1)
    await hall.says("cora", "/council end")
    for way, card in cards.items():
        said = await hall.presses("cora", "Undo", card)
        assert "Council of Thu 3 Dec 2026 is over, so item " in said
        assert way in said
    states = [(await hall.item(each)).state for each in (*items, parked)]
    assert states == [State.DECIDED, State.DEFERRED, State.ACTIONED, State.PARKED]
    assert [each.title for each in await hall.items((await hall.following()).id)] == ["Holiday rota"]


async def test_a_provisional_decision_is_let_go_and_not_taken_back_once_the_meeting_is_over(hall: Hall) -> None:
    item = await hall.put("Second visits", 5)
    await begun(hall)
    await hall.says("cora", "/council item 5.1")
    card = await decides(hall, "Refund them")
    await hall.at(1)
    await hall.says("cora", "/council end")
    assert "`/council lapse D-1` with a reason lets it go" in await hall.presses("cora", "Undo", card)
    assert (await hall.item(item)).state is State.DECIDED


async def test_once_the_minutes_are_issued_their_decisions_are_reversed_and_not_taken_back(hall: Hall) -> None:
    await begun(hall)
    await hall.are_here("Ann", "Raj", "Bea", "Dov", "Mia")
    await hall.says("cora", "/council end")
    await hall.until(DRAFTED)
    cards = [await decides(hall, text) for text in ("Refund them", "Count them")]
    assert "Undone" in await hall.presses("cora", "Undo", cards[1]), "the minutes are not out"
    await hall.says("cora", "/council minutes issue")
    said = await hall.presses("cora", "Undo", cards[0])
    assert "D-1 is in the minutes of Thu 3 Dec 2026, which are issued. `/council reverse D-1` with a reason" in said
    assert [each.code for each in await hall.rows(Decision)] == ["D-1"]


async def test_an_item_with_another_decision_is_not_opened_again(hall: Hall) -> None:
    item = await hall.put("Second visits", 5)
    await begun(hall)
    await hall.are_here("Ann", "Raj", "Bea", "Dov", "Mia")
    await hall.says("cora", "/council item 5.1")
    first, second = await decides(hall, "Refund them"), await decides(hall, "Count them")
    assert "D-2 is recorded at item 5.1 too" in await hall.presses("cora", "Undo", first)
    assert (await hall.item(item)).state is State.DECIDED
    assert "Undone" in await hall.presses("cora", "Undo", second)
    assert (await hall.item(item)).state is State.DECIDED
    assert "Undone" in await hall.presses("cora", "Undo", first)
    assert (await hall.item(item)).state is State.IN_DISCUSSION
