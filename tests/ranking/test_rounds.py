"""A round of ranking: opened, voted on without seeing each other, closed, published; or cancelled."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.ports import Submission
from storage.audit import AuditEvent
from storage.initiatives import Initiative
from storage.ranking import Ballot, RankingRound
from storage.tx import SYSTEM
from tests.support.fake_chat import FakePost
from tests.support.reading import labels_of, words_of
from tests.support.workshop import Workshop

State = RankingRound.State
OPEN = "/initiative rank open I-1 I-2 I-3 I-4 I-5 @Ann @Raj @Bea @Ivo until:fri"
VOTES = {"ann": "31254", "raj": "12345", "ivo": "42135"}
"""Who ranks which initiative first, second and so on."""


def posts(shop: Workshop, who: str, what: str) -> list[FakePost]:
    return [post for post in shop.posts(who) if f":{what}:" in post.key]


async def opened(shop: Workshop) -> None:
    said = await shop.says("cora", OPEN)
    assert "RR-1 is open until Fri 27 Nov 2026, 17:00: 5 initiatives." in said
    assert "Ann, Bea, Ivo and Raj get a ballot." in said


async def ballot_form(shop: Workshop, who: str) -> Form:
    return await shop.opens(who, "Rank them", posts(shop, who, "ballot")[-1].card)


async def votes(shop: Workshop, who: str, order: str, *, hard: str = "") -> None:
    form = await ballot_form(shop, who)
    numbers = {each.label[2]: each.id for each in form.inputs[:-1]}
    values = {numbers[digit]: str(place) for place, digit in enumerate(order, start=1)}
    answer = await shop.fills(who, form, {**values, "hard": ",".join(numbers[each] for each in hard)})
    assert isinstance(answer.content, Card), answer.content


async def _trail(shop: Workshop) -> list[AuditEvent]:
    async with shop.house.database.read(SYSTEM) as tx:
        return list(await tx.all(select(AuditEvent).order_by(col(AuditEvent.id))))


@pytest.mark.req("S3-09", "S3-10")
async def test_a_round_from_its_opening_to_ranked_initiatives(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await opened(shop)
    for who, order in VOTES.items():
        await votes(shop, who, order, hard="4")
    said = await shop.says("cora", "/initiative rank close RR-1")
    assert "3 of 4 ballots counted" in said
    assert said.index("I-1  Fault") < said.index("I-3  Text") < said.index("I-4  New CRM")
    assert "3 people: hard to do" in said
    published = await shop.says("cora", "/initiative rank publish RR-1")
    assert "The result of RR-1 is published; 5 initiatives are ranked now." in published
    assert "Result of RR-1" in posts(shop, "bea", "result")[0].words
    async with shop.house.database.read(SYSTEM) as tx:
        assert set(await tx.all(select(col(Initiative.state)))) == {Initiative.State.RANKED}
        verbs = await tx.all(select(col(AuditEvent.verb)).where(AuditEvent.thing_id == 1))
    assert [each for each in verbs if each.startswith("rank")] == ["rank open", "rank close", "rank publish", "rank"]


async def test_nobody_sees_others_views_while_it_is_open_and_own_worth_only_after_voting(shop: Workshop) -> None:
    await opened(shop)
    blank = posts(shop, "ann", "ballot")[0]
    assert "Please rank 5 initiatives" in blank.words
    assert "ratio" not in blank.words
    await votes(shop, "ann", "31254", hard="2")
    mine = posts(shop, "ann", "ballot")[0]
    assert labels_of(mine.card) == ["Change my ballot"]
    assert "your 2 · ratio 2.50 · quick win" in mine.words
    assert "hard to do" in mine.words
    assert "ratio" not in posts(shop, "bea", "ballot")[0].words
    said = await shop.says("cora", "/initiative rank show RR-1")
    assert "RR-1 is open: 1 of 4 ballots in." in said
    assert "score" not in said


async def test_a_ballot_is_changed_while_it_is_open_and_the_newest_counts(shop: Workshop) -> None:
    await opened(shop)
    await votes(shop, "ann", "12345")
    form = await shop.opens("ann", "Change my ballot", posts(shop, "ann", "ballot")[0].card)
    assert [each.value for each in form.inputs[:-1]] == ["1", "2", "3", "4", "5"]
    numbers = [each.id for each in form.inputs[:-1]]
    await shop.fills("ann", form, dict(zip(numbers, ("1", "1", "", "2", ""), strict=True)))
    row = await shop.row(Ballot)
    assert row.tiers == [[int(numbers[0]), int(numbers[1])], [int(numbers[3])]]
    await shop.says("cora", "/initiative rank close")
    late = await shop.ask("ann", _again(form))
    assert isinstance(late.content, Card)
    assert "RR-1 is closed, so it can't be voted on." in late.content.summary
    assert "Your ballot counted" in posts(shop, "ann", "ballot")[0].words


def _again(form: Form) -> Submission:
    return Submission(form.verb, {each.id: "1" for each in form.inputs[:-1]}, form.ids)


async def test_who_has_no_ballot_is_reminded_a_day_before_and_it_closes_by_itself(shop: Workshop) -> None:
    await opened(shop)
    for who in ("ann", "raj"):
        await votes(shop, who, VOTES[who])
    await shop.until(datetime(2026, 11, 26, 17, 1, tzinfo=UTC))
    assert [len(posts(shop, who, "reminder")) for who in ("ann", "raj", "bea", "ivo")] == [0, 0, 1, 1]
    assert "It closes soon." in posts(shop, "bea", "reminder")[0].words
    await shop.until(datetime(2026, 11, 27, 17, 1, tzinfo=UTC))
    (result,) = posts(shop, "cora", "closed")
    assert "Result of RR-1" in result.words
    assert labels_of(result.card) == ["Publish"]
    assert "You gave no ballot" in posts(shop, "bea", "reminder")[0].words
    assert "is published" in await shop.presses("cora", "Publish", result.card)


@pytest.mark.parametrize("away", [timedelta(minutes=5), timedelta(hours=12), timedelta(days=3)], ids=str)
async def test_after_an_absence_of_the_bot_it_closes_late_and_once(shop: Workshop, away: timedelta) -> None:
    await opened(shop)
    closes_at = datetime(2026, 11, 27, 17, tzinfo=UTC)
    await shop.until(closes_at - timedelta(minutes=1))
    await shop.house.wakes_at(closes_at + away)
    assert (await shop.row(RankingRound)).state is State.CLOSED
    await shop.house.wakes_at(closes_at + away + timedelta(minutes=1))
    assert "RR-1 has no result: it takes 2 ballots, and 0 came with a view." in await shop.says(
        "cora", "/initiative rank show RR-1"
    )


async def test_a_round_is_cancelled_with_a_reason_and_asks_nobody_any_more(shop: Workshop) -> None:
    await opened(shop)
    assert "Please add why" in await shop.says("cora", "/initiative rank cancel RR-1")
    assert "RR-1 is cancelled." in await shop.says("cora", "/initiative rank cancel RR-1 the list has changed")
    entries = [each for each in await _trail(shop) if each.verb == "rank cancel"]
    assert {(each.field, each.reason) for each in entries} == {("RR-1", "the list has changed")}
    assert "RR-1 is cancelled. You gave no ballot." in posts(shop, "ann", "ballot")[0].words
    await shop.until(datetime(2026, 11, 27, 17, 1, tzinfo=UTC))
    assert posts(shop, "cora", "closed") == []
    assert "RR-1 is cancelled, so it can't be closed" in await shop.says("cora", "/initiative rank close RR-1")


async def test_one_ballot_is_no_result_and_can_not_be_published(shop: Workshop) -> None:
    await opened(shop)
    await votes(shop, "ann", "12345")
    assert "RR-1 has no result" in await shop.says("cora", "/initiative rank close RR-1")
    assert "RR-1 has no result: 1 with a view came" in await shop.says("cora", "/initiative rank publish RR-1")
    assert (await shop.row(RankingRound)).state is State.CLOSED


async def test_what_it_is_worth_is_kept_at_the_close(shop: Workshop) -> None:
    await opened(shop)
    for who in ("ann", "raj"):
        await votes(shop, who, VOTES[who])
    before = await shop.says("cora", "/initiative rank close RR-1")
    await shop.says("dana", "/initiative score I-5 benefit:5 cost:1 effort:1")
    after = await shop.says("cora", "/initiative rank show RR-1")
    assert before.splitlines()[:6] == after.splitlines()[:6]


async def test_an_undo_of_the_close_opens_it_again(shop: Workshop) -> None:
    await opened(shop)
    closed = await shop.ask("cora", "/initiative rank close RR-1")
    assert isinstance(closed.content, Card)
    await shop.presses("cora", "Undo", closed.content)
    assert (await shop.row(RankingRound)).state is State.OPEN
    await votes(shop, "ann", "12345")


@pytest.mark.req("S3-10")
async def test_who_would_do_the_work_without_a_ballot_is_told_to_the_one_who_opens_it(shop: Workshop) -> None:
    said = await shop.says("cora", "/initiative rank open I-1 I-2 @Bea @Raj until:fri")
    assert "Ann would do the work and has no ballot." in said


@pytest.mark.parametrize(
    ("who", "line", "words"),
    [
        ("ben", OPEN, "Only a team's lead, the council's chair or an administrator"),
        ("cora", "/initiative rank open I-1 @Ann", "takes 2 to 10 initiatives, and these are 1"),
        ("cora", "/initiative rank open I-1 I-99 @Ann", "I can't find I-99"),
        ("cora", "/initiative rank open I-1 I-2 @Nobody", "Nobody"),
        ("cora", "/initiative rank shuffle", "After rank there can be open, ballot"),
        ("cora", "/initiative rank close RR-9", "I can't find RR-9"),
        ("cora", "/initiative rank close", "Which ranking?"),
    ],
)
async def test_what_can_not_be_opened_is_refused_with_the_way_out(
    shop: Workshop, who: str, line: str, words: str
) -> None:
    assert words in await shop.says(who, line)
    async with shop.house.database.read(SYSTEM) as tx:
        assert await tx.all(select(RankingRound)) == []


async def test_only_who_is_asked_votes_and_an_initiative_is_in_one_open_round(shop: Workshop) -> None:
    await opened(shop)
    assert "RR-1 asks other people." in await shop.says("mia", "/initiative rank ballot RR-1")
    said = await shop.says("cora", "/initiative rank open I-1 I-2 @Ann")
    assert "I-1 and I-2 are being ranked in RR-1 already" in said
    card = await shop.ask("bea", "/initiative rank ballot RR-1")
    assert isinstance(card.content, Card)
    assert "Please rank 5 initiatives" in words_of(card.content)
    assert "RR-1" in await shop.says("cora", "/initiative rank")
