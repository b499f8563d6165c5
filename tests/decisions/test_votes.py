"""Votes: at the table and between meetings, open and secret; one a person, and a secret one is nobody's."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from bot.chat.cards import Card
from bot.chat.replies import Answer
from bot.decisions import voting
from bot.ports import Action, Incoming, Press, Sender, Text
from storage.decisions import Choice, CouncilVote, Decision, OpenVote, SecretTally, VoteVoter
from storage.engine import Database
from storage.meetings import CouncilMeeting, presences
from storage.people import Person
from storage.schema import METADATA
from storage.tx import SYSTEM
from tests.support.at_the_table import HEADS, MEETS_AT, Table, a_table
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.reading import labels_of, words_of
from tests.support.workshop import Workshop

ASK = '/council vote "Shall we refund second visits?"'
State = CouncilVote.State


async def cast(table: Table, who: str, choice: Choice) -> str:
    """Somebody presses a choice, wherever they see it."""
    vote = (await table.shop.rows(CouncilVote))[-1]
    answer = await table.shop.ask(who, Press("vote.cast", {"vote": str(vote.id), "choice": choice.value}))
    return words_of(card_of(answer))


def card_of(answer: Answer | None) -> Card:
    """The card that somebody was answered with."""
    assert answer is not None
    assert isinstance(answer.content, Card)
    return answer.content


async def open_vote_of(table: Table) -> Card:
    """What the chair sees of the vote that is open."""
    return card_of(await table.shop.ask("cora", "/council vote"))


async def test_an_open_vote_at_the_table_is_changed_closed_and_recorded(table_on_both: Table) -> None:
    table = table_on_both
    await table.opened(*HEADS[:5])
    said = await table.shop.says("cora", ASK)
    assert "I have asked 5 seats for an open vote" in said
    assert "Your vote, please" in table.shop.posts("ann")[-1].words
    for who in ("ann", "raj", "bea"):
        assert "Your vote is taken as for" in await cast(table, who, Choice.FOR)
    await cast(table, "dov", Choice.AGAINST)
    assert "Your vote is changed to against" in await cast(table, "bea", Choice.AGAINST)
    assert "Your vote is changed to for" in await cast(table, "bea", Choice.FOR)
    listed = await open_vote_of(table)
    result = await table.shop.press("cora", "Close the vote", listed)
    assert "Carried" in card_of(result).summary
    form = await table.shop.opens("cora", "Record the decision", card_of(result))
    await table.shop.fills("cora", form, {"reason": "Fair", "means": "none"})
    decision = await table.shop.row(Decision, code="D-1")
    assert (decision.votes_for, decision.votes_against, decision.votes_abstain) == (3, 1, 0)
    vote = await table.shop.row(CouncilVote, id=1)
    assert vote.decision_id == decision.id
    assert len(await table.shop.rows(OpenVote)) == 4


async def test_two_votes_at_one_item_are_both_recorded_there(table: Table) -> None:
    item = await table.with_item("Second visits")
    await table.opened(*HEADS[:5])
    for question in ("Shall we refund them?", "Shall we count them?"):
        await table.shop.says("cora", f'/council vote "{question}" item:7.1')
        await cast(table, "ann", Choice.FOR)
        await cast(table, "raj", Choice.FOR)
        result = card_of(await table.shop.press("cora", "Close the vote", await open_vote_of(table)))
        form = await table.shop.opens("cora", "Record the decision", result)
        await table.shop.fills("cora", form, {"reason": "Fair", "means": "none"})
    assert [(each.code, each.item_id) for each in await table.shop.rows(Decision)] == [("D-1", item), ("D-2", item)]


async def test_nobody_votes_twice_and_a_press_after_the_close_is_not_counted(table: Table) -> None:
    await table.opened(*HEADS[:5])
    await table.shop.says("cora", ASK + " secret")
    assert "Your vote is in. Nobody can see what it was." in await cast(table, "ann", Choice.FOR)
    assert "A secret vote can't be changed" in await cast(table, "ann", Choice.AGAINST)
    assert "Only those who held a voting seat" in await cast(table, "amy", Choice.FOR)
    assert "Only those who held a voting seat" in await cast(table, "fin", Choice.FOR)
    for who in ("raj", "bea", "dov", "mia"):
        await cast(table, who, Choice.ABSTAIN)
    listed = await open_vote_of(table)
    await table.shop.press("cora", "Close the vote", listed)
    assert "Your press came after that, and was not counted" in await cast(table, "raj", Choice.FOR)
    vote = await table.shop.row(CouncilVote, id=1)
    assert (vote.votes_for, vote.votes_against, vote.votes_abstain) == (1, 0, 4)
    again = await table.shop.press("cora", "Close the vote", listed)
    assert "is closed, so it can't be closed" in card_of(again).summary


async def test_only_the_chair_asks_and_one_question_at_a_time(table: Table) -> None:
    await table.opened(*HEADS[:5])
    assert "Only the chair" in await table.shop.says("raj", ASK)
    await table.shop.says("cora", ASK)
    assert "is still open" in await table.shop.says("cora", '/council vote "And third ones?"')


async def test_between_meetings_seats_have_a_window_are_reminded_once_and_the_result_is_shown(table: Table) -> None:
    said = await table.shop.says("cora", ASK + " until:fri")
    assert "until Fri 27 Nov 2026, 16:00" in said
    for who in ("ann", "raj", "bea", "dov", "mia"):
        await cast(table, who, Choice.FOR)
    asked = len(table.shop.posts("ivo"))
    await table.shop.until(datetime(2026, 11, 26, 16, 1, tzinfo=UTC))
    assert len(table.shop.posts("ivo")) == asked + 1
    await table.shop.until(datetime(2026, 11, 27, 16, 1, tzinfo=UTC))
    card = table.shop.posts("cora")[-1].card
    assert "Carried" in card.summary
    form = await table.shop.opens("cora", "Record the decision", card)
    await table.shop.fills("cora", form, {"reason": "Fair", "means": "none"})
    decision = await table.shop.row(Decision, code="D-1")
    assert (decision.meeting_id, decision.state, decision.votes_for) == (None, Decision.State.IN_FORCE, 5)


async def test_between_meetings_too_few_votes_are_no_result_in_force(table: Table) -> None:
    await table.shop.says("cora", ASK + " until:fri")
    await cast(table, "ann", Choice.FOR)
    await table.shop.until(datetime(2026, 11, 27, 16, 1, tzinfo=UTC))
    assert "Too few voted: no result" in table.shop.posts("cora")[-1].words


async def test_a_called_off_vote_counts_nothing(table: Table) -> None:
    await table.opened(*HEADS[:5])
    await table.shop.says("cora", ASK)
    await cast(table, "ann", Choice.FOR)
    listed = await open_vote_of(table)
    await table.shop.press("cora", "Call it off", listed)
    assert (await table.shop.row(CouncilVote, id=1)).state is State.CANCELLED
    assert "was called off" in await cast(table, "raj", Choice.FOR)
    assert "was called off" in table.shop.posts("raj")[-1].words


# --- secrecy


async def _dump(database: Database) -> dict[str, list[tuple[str, ...]]]:
    """Every row of every table, as a dump of the database would have it, without when it was written in real time."""
    found: dict[str, list[tuple[str, ...]]] = {}
    async with database.read(SYSTEM) as tx:
        for table in METADATA.sorted_tables:
            columns = [each.name for each in table.columns if each.name not in REAL_TIME]
            names = ", ".join(f'"{each}"' for each in columns)
            rows = await tx.session.execute(text(f'SELECT {names} FROM "{table.name}"'))  # noqa: S608 - our own names
            found[table.name] = [tuple(map(str, row)) for row in rows.all()]
    return found


REAL_TIME = {
    "noted_at", "lease_until", "blocked_until", "served_at", "retry_at", "first_shown_at", "shown_at", "token",
}  # fmt: skip


async def _voted(database: Database, choices: Sequence[Choice]) -> dict[str, list[tuple[str, ...]]]:
    """What the database holds after the five at the table voted so in secret, one a minute, in the same order."""
    table = await a_table(Workshop(await field_dispatch(database, datetime(2026, 11, 24, 12, tzinfo=UTC))))
    await table.opened(*HEADS[:5])
    await _does(table, "cora", Text(ASK + " secret"), 0)
    for minute, (who, choice) in enumerate(zip(HEADS, choices, strict=False), start=1):
        table.shop.house.clock.move_to(MEETS_AT + timedelta(minutes=minute))
        await _does(table, who.lower(), Press("vote.cast", {"vote": "1", "choice": choice.value}), minute)
    assert sum(each.has_voted for each in await table.shop.rows(VoteVoter)) == len(choices)
    return await _dump(database)


async def _does(table: Table, who: str, what: Action, number: int) -> None:
    """An event whose platform gives it a number that is the same in both worlds."""
    house, sender = table.shop.house, Sender(who, who.title(), "Europe/London")
    await house.dispatcher.handle(Incoming("local", "local", f"event-{number}", f"dm-{who}", True, sender, what))
    await house.delivery.drain()


async def test_a_dump_of_the_database_does_not_change_with_who_voted_what(two_databases: list[Database]) -> None:
    mine = [Choice.FOR, Choice.FOR, Choice.AGAINST, Choice.ABSTAIN, Choice.FOR]
    others = [Choice.AGAINST, Choice.FOR, Choice.FOR, Choice.FOR, Choice.ABSTAIN]
    one, other = [await _voted(each, how) for each, how in zip(two_databases, (mine, others), strict=True)]
    assert one.keys() == other.keys()
    for table in one:
        assert sorted(one[table]) == sorted(other[table]), table
        assert one[table] == other[table], f"{table} is in another order"


async def test_nothing_but_three_counters_knows_a_secret_choice(table: Table) -> None:
    await table.opened(*HEADS[:5])
    await table.shop.says("cora", ASK + " secret")
    await cast(table, "ann", Choice.FOR)
    await cast(table, "raj", Choice.AGAINST)
    tallies = {each.choice: each.number for each in await table.shop.rows(SecretTally)}
    assert tallies == {Choice.FOR: 1, Choice.AGAINST: 1, Choice.ABSTAIN: 0}
    assert sum(each.has_voted for each in await table.shop.rows(VoteVoter)) == 2
    assert await table.shop.rows(OpenVote) == []
    assert set(labels_of(table.shop.posts("ann")[-1].card)).isdisjoint({"For", "Against"})
    dumped = await _dump(table.shop.house.database)
    knows = {name for name, rows in dumped.items() if any("against" in map(str.casefold, row) for row in rows)}
    assert knows == {"secret_tally"}


async def test_a_window_that_ended_while_the_bot_was_away_is_closed_when_it_is_back(table: Table) -> None:
    await table.shop.says("cora", ASK + " until:fri")
    for who in ("ann", "raj", "bea", "dov", "mia"):
        await cast(table, who, Choice.FOR)
    table.shop.house.clock.move_to(datetime(2026, 11, 30, 9, tzinfo=UTC))
    assert "Your press came after that, and was not counted" in await cast(table, "ivo", Choice.AGAINST)
    await table.shop.house.wakes_at(datetime(2026, 11, 30, 9, 1, tzinfo=UTC))
    vote = await table.shop.row(CouncilVote, id=1)
    assert (vote.state, vote.votes_for, vote.votes_against) == (State.CLOSED, 5, 0)


async def test_outsiders_neither_read_nor_vote_on_what_is_internal(table: Table) -> None:
    await table.with_item("Metering's contract ends", internal=True)
    await table.opened(*HEADS)
    said = await table.shop.says("cora", '/council vote "Do we end the contract?" item:7.1')
    assert "I have asked 7 seats" in said
    names = {each.id: each.name for each in await table.shop.rows(Person)}
    assert "Sam" not in {names[each.person_id] for each in await table.shop.rows(VoteVoter)}
    assert "What is the question?" in await table.shop.says("amy", "/council vote")
    assert not any("contract" in post.words for post in table.shop.house.chat.posts.values() if not post.to.account)


async def test_what_a_meeting_was_still_voting_on_is_counted_when_it_ends(table: Table) -> None:
    await table.opened(*HEADS)
    await table.shop.says("cora", ASK)
    await cast(table, "ann", Choice.FOR)
    async with table.shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=MEETS_AT)
        meeting = await tx.need(CouncilMeeting, table.meeting_id)
        meeting.state = CouncilMeeting.State.ADJOURNED
        assert await voting.close_all(tx, meeting)
    assert "was not counted" in await cast(table, "raj", Choice.FOR)
    vote = await table.shop.row(CouncilVote, id=1)
    assert (vote.state, vote.votes_for) == (State.CLOSED, 1)


async def test_a_carried_vote_that_is_recorded_without_a_quorum_is_provisional(table: Table) -> None:
    await table.opened(*HEADS)
    await table.shop.says("cora", ASK)
    for who in ("ann", "raj", "bea", "dov", "mia"):
        await cast(table, who, Choice.FOR)
    card = card_of(await table.shop.press("cora", "Close the vote", await open_vote_of(table)))
    async with table.shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=MEETS_AT)
        for each in (await presences(tx, table.meeting_id))[:5]:
            each.to_at = MEETS_AT
    form = await table.shop.opens("cora", "Record the decision", card)
    await table.shop.fills("cora", form, {"reason": "Fair", "means": "none"})
    assert (await table.shop.row(Decision, code="D-1")).state is Decision.State.PROVISIONAL


async def test_a_question_without_quotes_is_never_answered_with_another_vote(table: Table) -> None:
    await table.opened(*HEADS[:5])
    await table.shop.says("cora", ASK)
    said = await table.shop.says("cora", "/council vote Shall we meet in Leeds?")
    assert '`/council vote "Shall we meet in Leeds?"`' in said
    for line in ("/council vote secret", "/council vote until:fri"):
        assert "What is the question? Write it in quotes" in await table.shop.says("cora", line)
    assert len(await table.shop.rows(CouncilVote)) == 1
    assert "Shall we refund second visits?" in words_of(await open_vote_of(table))


async def test_who_lost_the_seat_since_the_vote_was_opened_has_no_vote(table: Table) -> None:
    await table.opened(*HEADS[:5])
    await table.shop.says("cora", ASK)
    await table.shop.says("cora", "/council remove @Raj moved")
    assert "You are not at the table on a seat that votes now" in await cast(table, "raj", Choice.FOR)
    assert "Your vote is taken as for" in await cast(table, "ann", Choice.FOR)
    assert len(await table.shop.rows(OpenVote)) == 1
