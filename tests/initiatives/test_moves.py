"""Every verb in every state of an initiative: what the table allows works, everything else says what is allowed."""

import pytest
from sqlmodel import col, select

from bot.chat.forms import Form
from bot.initiatives.rules import (
    APPROVAL_RESETS,
    BATCH_MOVES,
    CHARTER_MOVES,
    HANDS_ON,
    INITIATIVE_MOVES,
    BatchState,
    CharterState,
    State,
    by_people,
)
from bot.work.rules import Move, Part, moves_from, state_words, states_in, verbs_from
from storage.audit import AuditEvent
from storage.initiatives import Batch, Charter, Initiative, Milestone
from storage.tx import SYSTEM
from tests.initiatives.conftest import TERMS, an_initiative
from tests.support.workshop import Workshop

TABLE = by_people(INITIATIVE_MOVES)
VERBS = tuple(dict.fromkeys(move.verb for move in TABLE if move.verb != "approve"))
"""What can be refused; `approve` is about the charter, and answers from its table."""
LEGAL = [(state, move) for move in TABLE for state in move.sources]
ILLEGAL = [(state, verb) for state in State for verb in VERBS if not moves_from(TABLE, verb, state)]
WHO = {Part.OWNER: "ann", Part.LEAD: "dana", Part.SPONSOR: "carl", Part.ANYBODY: "ben"}
NOT_YET = (State.IDEA, State.SCORED, State.RANKED, State.CHARTERED)
TYPED = {
    "score": "/initiative score I-4 benefit:5 cost:2 effort:2",
    "set": "/initiative set I-4 prio:P1",
    "charter": "/initiative charter I-4",
    "approve": "/initiative approve I-4",
}


def line(verb: str) -> str:
    return TYPED.get(verb, f"/initiative {verb} I-4 as the council agreed")


async def entries(shop: Workshop) -> list[AuditEvent]:
    async with shop.house.database.read(SYSTEM) as tx:
        return list(await tx.all(select(AuditEvent).order_by(col(AuditEvent.id))))


async def go(shop: Workshop, who: str, move: Move[State]) -> None:
    """Makes a move as people do."""
    if move.verb != "charter":
        await shop.says(who, "/initiative set I-4 sponsor:@Cora" if move.when == HANDS_ON else line(move.verb))
        return
    form = await shop.form(who, line("charter"))
    changed = {"objectives": "Another aim"} if move.when == APPROVAL_RESETS else {"risks": "Snow"}
    same = {each.id: each.value for each in form.inputs}
    answer = await shop.fills(who, form, {**same, **changed, "unranked": "The only one there is"})
    assert not isinstance(answer.content, Form), answer.content


@pytest.mark.parametrize(("state", "move"), LEGAL, ids=lambda each: getattr(each, "verb", str(each)))
async def test_what_the_table_allows_works(shop: Workshop, state: State, move: Move[State]) -> None:
    await an_initiative(shop, state)
    await go(shop, WHO[move.who[0]], move)
    assert (await shop.row(Initiative, code="I-4")).state is (move.target or state)
    assert move.verb in {each.verb for each in await entries(shop)}


@pytest.mark.parametrize(("state", "verb"), ILLEGAL, ids=str)
async def test_what_the_table_does_not_allow_says_what_is_allowed(shop: Workshop, state: State, verb: str) -> None:
    await an_initiative(shop, state, ready=verb != "start")
    said = await shop.says("dana", line(verb))
    if verb == "start" and state in NOT_YET:
        assert "I-4 can't start yet. Still missing:" in said
    else:
        assert f"I-4 is {state_words(state)}, so it can't be" in said, said
    assert all(each in said for each in verbs_from(TABLE, state))
    assert "Nothing was changed." in said
    assert (await shop.row(Initiative, code="I-4")).version == 1
    assert await entries(shop) == []


@pytest.mark.parametrize(
    ("state", "verb"), [(state, move.verb) for state, move in LEGAL if Part.ANYBODY not in move.who], ids=str
)
async def test_who_has_no_part_in_it_is_told_who_has(shop: Workshop, state: State, verb: str) -> None:
    await an_initiative(shop, state)
    assert "Only " in (said := await shop.says("ben", line(verb))), said
    assert (await shop.row(Initiative, code="I-4")).version == 1


@pytest.mark.parametrize("verb", ["pause", "stop", "drop"])
async def test_what_needs_a_reason_is_not_done_without_one(shop: Workshop, verb: str) -> None:
    await an_initiative(shop, State.APPROVED if verb == "drop" else State.IN_FLIGHT)
    said = await shop.says("carl" if verb == "stop" else "dana", f"/initiative {verb} I-4")
    assert "Please add why" in said
    assert (await shop.row(Initiative, code="I-4")).version == 1


async def test_what_was_to_come_of_a_stopped_initiative_is_called_off(shop: Workshop) -> None:
    await an_initiative(shop, State.IN_FLIGHT)
    await shop.says("carl", '/initiative stop I-4 reason:"no effect"')
    assert (await shop.row(Milestone)).state is Milestone.State.CANCELLED


def test_every_state_is_in_its_table() -> None:
    assert list(states_in(INITIATIVE_MOVES)) == list(State)
    assert list(states_in(CHARTER_MOVES)) == list(CharterState)
    assert list(states_in(BATCH_MOVES)) == list(BatchState)


async def test_two_who_change_it_at_once_do_not_overwrite_each_other(shop: Workshop) -> None:
    await an_initiative(shop, State.IN_FLIGHT)
    assert "paused" in await shop.says("dana", "/initiative pause I-4 waiting for the budget")
    assert "can't be paused" in await shop.says("ivo", "/initiative pause I-4 me too")
    assert (await shop.row(Initiative, code="I-4")).state is State.PAUSED


async def test_undo_takes_a_move_back(shop: Workshop) -> None:
    await an_initiative(shop, State.IN_FLIGHT)
    answer = await shop.ask("dana", "/initiative pause I-4 waiting for the budget")
    await shop.presses("dana", "Undo", answer.content)  # type: ignore[arg-type]  # a card: it was said
    assert (await shop.row(Initiative, code="I-4")).state is State.IN_FLIGHT


# --- the charter and the batch


@pytest.mark.parametrize(
    ("state", "verb"),
    [(s, v) for s in CharterState for v in ("review", "approve") if not moves_from(CHARTER_MOVES, v, s)],
    ids=str,
)
async def test_a_charter_that_is_not_there_yet_says_what_can_be_done(
    shop: Workshop, state: CharterState, verb: str
) -> None:
    await an_initiative(shop, State.CHARTERED)
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        (charter,) = await tx.all(select(Charter))
        charter.state = state
    said = await shop.says("carl", f"/initiative {verb} I-4")
    assert f"The charter of I-4 is {state_words(state)}, so it can't be" in said
    assert all(each in said for each in verbs_from(CHARTER_MOVES, state))


@pytest.mark.parametrize("state", list(BatchState))
@pytest.mark.parametrize("verb", ["add", "remove", "start", "close"])
async def test_a_batch_follows_its_table(shop: Workshop, state: BatchState, verb: str) -> None:
    await an_initiative(shop, State.APPROVED)
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        batch = Batch(code="BT-2", name="Autumn", state=state)
        tx.add(batch)
        await tx.flush()
        (initiative,) = await tx.all(select(Initiative))
        initiative.batch_id = batch.id if verb == "remove" else None
    which = " I-4" if verb in {"add", "remove"} else ""
    said = await shop.says("dana", f'/initiative batch BT-2 {verb}{which} reason:"agreed"')
    moves = moves_from(BATCH_MOVES, verb, state)
    after = (await shop.row(Batch, code="BT-2")).state
    if moves:
        assert after is (moves[0].target or state), said
    else:
        assert f"BT-2 is {state.value}, so it can't be" in said
        assert after is state


def test_the_terms_that_a_form_begins_with_are_complete() -> None:
    assert {"objectives", "benefits", "done_when", "phases", "budget", "return"} <= TERMS.keys()
