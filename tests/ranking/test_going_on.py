"""What can be done with a round in each of its states; and that one with too few ballots is no dead end."""

from datetime import UTC, datetime

import pytest

from bot.chat.cards import Card
from bot.ranking.rules import BALLOTS_LEAST, MOVES, RUNNERS, State, moves_now, verbs_now
from bot.work.rules import Part, states_in
from storage.ranking import RankingRound
from tests.ranking.test_rounds import ballot_form, opened, posts, votes
from tests.support.reading import labels_of
from tests.support.workshop import Workshop

FRIDAY = datetime(2026, 11, 27, 17, tzinfo=UTC)
LINES = {
    "close": "/initiative rank close RR-1",
    "extend": "/initiative rank extend RR-1 until:2026-12-04",
    "publish": "/initiative rank publish RR-1",
    "cancel": "/initiative rank cancel RR-1 the list has changed",
}


@pytest.mark.parametrize(
    ("state", "ballots", "verbs"),
    [
        (State.OPEN, 0, ("vote", "close", "extend", "cancel")),
        (State.OPEN, 5, ("vote", "close", "extend", "cancel")),
        (State.CLOSED, BALLOTS_LEAST - 1, ("extend", "cancel")),
        (State.CLOSED, BALLOTS_LEAST, ("publish",)),
        (State.PUBLISHED, 5, ()),
        (State.CANCELLED, 0, ()),
    ],
)
def test_what_can_be_done_depends_on_the_state_and_on_how_many_have_said_something(
    state: State, ballots: int, verbs: tuple[str, ...]
) -> None:
    assert tuple(move.verb for move in moves_now(state, ballots)) == verbs
    assert verbs_now(state, ballots, {Part.ANYBODY}) == ()
    assert set(verbs_now(state, ballots, RUNNERS)) == {*verbs} - {"vote"}


def test_every_state_stands_in_the_table_and_every_verb_says_what_it_would_be() -> None:
    assert list(states_in(MOVES)) == list(State)
    assert all(move.done for move in MOVES)


async def _brought_to(shop: Workshop, state: State, *, ballots: int) -> None:
    await opened(shop)
    for who in ("ann", "raj")[:ballots]:
        await votes(shop, who, "31254")
    if state is State.CANCELLED:
        await shop.says("cora", LINES["cancel"])
    elif state is not State.OPEN:
        await shop.says("cora", LINES["close"])
    if state is State.PUBLISHED:
        await shop.says("cora", LINES["publish"])
    assert (await shop.row(RankingRound)).state is state


@pytest.mark.parametrize(
    ("state", "ballots"),
    [(State.OPEN, 1), (State.CLOSED, 1), (State.CLOSED, 2), (State.PUBLISHED, 2), (State.CANCELLED, 0)],
)
async def test_what_is_illegal_is_refused_with_what_can_be_done_instead(
    shop: Workshop, state: State, ballots: int
) -> None:
    await _brought_to(shop, state, ballots=ballots)
    allowed = verbs_now(state, ballots, {Part.CHAIR})
    for verb in [verb for verb in LINES if verb not in allowed]:
        said = await shop.says("cora", LINES[verb])
        assert "RR-1 " in said
        assert "Nothing was changed." in said
        assert all(each in said for each in allowed) if allowed else "Nothing more can be done with it." in said
    assert (await shop.row(RankingRound)).state is state


@pytest.mark.req("S3-09")
async def test_a_round_that_closed_with_too_few_ballots_goes_on_for_longer(shop: Workshop) -> None:
    await opened(shop)
    await votes(shop, "ann", "31254")
    await shop.until(FRIDAY.replace(minute=1))
    (stuck,) = posts(shop, "cora", "closed")
    assert labels_of(stuck.card) == ["Extend it", "Cancel it"]
    form = await shop.opens("cora", "Extend it", stuck.card)
    back = await shop.comes_back("cora", form, {"until": "2026-11-27"})
    assert back.errors == {"until": "Please choose a day that is still to come, and later than it ends now."}
    answer = await shop.fills("cora", form, {"until": "2026-12-02"})
    assert isinstance(answer.content, Card)
    words = "RR-1 is open until Wed 2 Dec 2026, 17:00. Bea, Ivo and Raj are asked once more."
    assert answer.content.summary == words
    assert [len(posts(shop, who, "ballot")) for who in ("ann", "bea", "raj")] == [1, 2, 2]
    await votes(shop, "raj", "12345")
    await shop.until(FRIDAY.replace(month=12, day=2, minute=1))
    assert (await shop.row(RankingRound)).state is State.CLOSED
    assert "Result of RR-1" in posts(shop, "cora", "closed")[-1].words


async def test_an_open_round_is_extended_and_does_not_close_at_its_first_end(shop: Workshop) -> None:
    await opened(shop)
    said = await shop.says("cora", "/initiative rank extend RR-1 until:2026-11-26")
    assert "RR-1 is open until Fri 27 Nov 2026, 17:00 already: please name a later day" in said
    await shop.says("cora", LINES["extend"])
    await shop.until(FRIDAY.replace(minute=1))
    assert (await shop.row(RankingRound)).state is State.OPEN
    assert "Please rank 5 initiatives" in posts(shop, "bea", "ballot")[0].words
    assert (await ballot_form(shop, "bea")).title == "Your ballot"


async def test_what_extended_a_round_is_not_taken_back_after_its_first_end(shop: Workshop) -> None:
    await opened(shop)
    await shop.until(FRIDAY.replace(hour=16, minute=58))
    extended = await shop.ask("cora", LINES["extend"])
    await shop.until(FRIDAY.replace(minute=1))
    assert isinstance(extended.content, Card)
    assert "The time for RR-1 is over" in await shop.presses("cora", "Undo", extended.content)
    assert (await shop.row(RankingRound)).closes_at == datetime(2026, 12, 4, 17, tzinfo=UTC)


async def test_a_round_without_a_result_is_called_off_by_a_press_with_a_reason(shop: Workshop) -> None:
    await opened(shop)
    closed = await shop.ask("cora", LINES["close"])
    assert isinstance(closed.content, Card)
    form = await shop.opens("cora", "Cancel it", closed.content)
    assert (await shop.comes_back("cora", form, {"why": " "})).errors.keys() == {"why"}
    await shop.fills("cora", form, {"why": "The list has changed"})
    assert (await shop.row(RankingRound)).state is State.CANCELLED
    said = await shop.says("cora", "/initiative rank open I-1 I-2 @Ann until:fri")
    assert "RR-2 is open" in said


@pytest.mark.req("S1-04")
async def test_a_ranking_is_found_by_its_code_and_stands_in_the_trace_of_what_it_ranked(shop: Workshop) -> None:
    await opened(shop)
    assert "Ranking of 5 initiatives" in await shop.says("cora", "/search RR-1")
    assert "RR-1" in await shop.says("cora", "trace I-1")
    assert "Text the customer the visit time" in await shop.says("cora", "trace RR-1")
    assert "RR-1 is open: 0 of 4 ballots in." in await shop.says("cora", "RR-1")
