"""What is taken back about a ranking, or about what it ranks, leaves a round that can still come to an end."""

from datetime import UTC, datetime

import pytest

from bot.chat.cards import Card
from storage.initiatives import Initiative, Score
from storage.ranking import Ballot, RankingRound
from tests.ranking.test_rounds import State, _again, ballot_form, opened, posts, votes
from tests.support.workshop import Workshop

CLOSES_AT = datetime(2026, 11, 27, 17, tzinfo=UTC)


async def _undone(shop: Workshop, who: str, card: object) -> str:
    assert isinstance(card, Card), card
    return await shop.presses(who, "Undo", card)


@pytest.mark.req("S3-09")
async def test_the_only_score_of_what_is_being_ranked_can_not_be_taken_back(shop: Workshop) -> None:
    async with shop.house.database.write((await shop.person("Ann")).organisation_id) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        tx.add(Initiative(code="I-6", title="A sixth of them"))
    scored = await shop.ask("raj", "/initiative score I-6 benefit:5 cost:1 effort:1")
    await shop.says("cora", "/initiative rank open I-5 I-6 @Ann @Bea until:fri")
    said = await _undone(shop, "raj", scored.content)
    assert "I-6 is being ranked in RR-1 and this is its only score, so it stays for now. Nothing was changed." in said
    assert (await shop.row(Score, benefit=5, effort=1)).cost == 1
    form = await ballot_form(shop, "ann")
    await shop.fills("ann", form, {each.id: "1" for each in form.inputs[:-1]})
    assert "your 1 · ratio" in posts(shop, "ann", "ballot")[0].words


async def test_a_second_score_of_what_is_being_ranked_may_be_taken_back(shop: Workshop) -> None:
    await opened(shop)
    scored = await shop.ask("dana", "/initiative score I-5 benefit:5 cost:1 effort:1")
    assert "Undone." in await _undone(shop, "dana", scored.content)


@pytest.mark.parametrize("line", ["/initiative rank close RR-1", "/initiative rank cancel RR-1 the list has changed"])
async def test_what_ended_a_round_is_not_taken_back_after_its_time(shop: Workshop, line: str) -> None:
    await opened(shop)
    await shop.until(CLOSES_AT.replace(hour=16, minute=58))
    ended = await shop.ask("cora", line)
    state = (await shop.row(RankingRound)).state
    await shop.until(CLOSES_AT.replace(minute=1))
    said = await _undone(shop, "cora", ended.content)
    assert "The time for RR-1 is over, so it takes no more ballots. Nothing was changed." in said
    assert (await shop.row(RankingRound)).state is state is not State.OPEN


async def test_a_round_that_is_open_again_in_time_closes_by_itself(shop: Workshop) -> None:
    await opened(shop)
    await shop.until(CLOSES_AT.replace(hour=16, minute=56))
    ended = await shop.ask("cora", "/initiative rank close RR-1")
    await _undone(shop, "cora", ended.content)
    await shop.until(CLOSES_AT.replace(minute=1))
    assert (await shop.row(RankingRound)).state is State.CLOSED


async def test_a_ballot_after_its_time_is_not_kept_though_nothing_closed_the_round_yet(shop: Workshop) -> None:
    await opened(shop)
    form = await ballot_form(shop, "ann")
    async with shop.house.database.write((await shop.row(RankingRound)).organisation_id) as tx:
        tx.acts_for(by=None, event_id=None, now=CLOSES_AT)
        row = await tx.get(RankingRound, (await shop.row(RankingRound)).id)
        assert row is not None
        row.closes_at = shop.house.clock.now()
    late = await shop.ask("ann", _again(form))
    assert isinstance(late.content, Card)
    assert "The time for RR-1 is over" in late.content.summary
    with pytest.raises(ValueError, match="not enough values"):
        await shop.row(Ballot)


async def test_a_ballot_of_a_cancelled_round_did_not_count(shop: Workshop) -> None:
    await opened(shop)
    await votes(shop, "ann", "12345")
    await shop.says("cora", "/initiative rank cancel RR-1 the list has changed")
    said = posts(shop, "ann", "ballot")[0].words
    assert "RR-1 is cancelled. No ballot is counted." in said
    assert "Your ballot counted" not in said
