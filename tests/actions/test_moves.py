"""Every verb in every state: what the table allows works, and everything else says what is allowed instead."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.actions.rules import MOVES, State
from bot.work.rules import Move, Part, moves_from, state_words, states_in, verbs_from
from storage.actions import Action
from storage.audit import AuditEvent
from storage.tx import SYSTEM
from tests.actions.conftest import TUESDAY_NOON
from tests.support.workshop import Workshop

VERBS = tuple(dict.fromkeys(move.verb for move in MOVES))
LEGAL = [(state, move) for move in MOVES for state in move.sources]
ILLEGAL = [(state, verb) for state in State for verb in VERBS if not moves_from(MOVES, verb, state)]
WHO = {Part.OWNER: "ben", Part.LEAD: "dana", Part.REQUESTER: "amy", Part.CHECKER: "dana", Part.ANYBODY: "cem"}
"""The owner is Ben, whom Dana leads; Amy asked for it."""
TYPED = {
    "due": '/action due A-1 2026-12-03 reason:"waiting for parts"',
    "assign": "/action assign A-1 @Dee",
    "block": "/action block A-1 waiting for parts",
}


def line(verb: str) -> str:
    return TYPED.get(verb, f"/action {verb} A-1 because of the parts")


async def an_action(shop: Workshop, state: State, *, owned: bool = True, done_when: str = "") -> None:
    ben, amy = await shop.person("Ben"), await shop.person("Amy")
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        is_done = state in {State.DONE, State.DONE_CLAIMED}
        tx.add(
            Action(
                code="A-1",
                title="Check eight calls",
                owner_id=ben.id if owned else None,
                requester_id=amy.id,
                state=state,
                due_on=TUESDAY_NOON.date() + timedelta(days=3),
                first_due_on=None if state is State.PROPOSED else TUESDAY_NOON.date() + timedelta(days=3),
                done_when=done_when,
                finished_on=TUESDAY_NOON.date() if is_done else None,
                closed_at=TUESDAY_NOON if state is State.DONE else None,
            )
        )


@pytest.mark.parametrize(("state", "move"), LEGAL, ids=lambda each: getattr(each, "verb", str(each)))
async def test_what_the_table_allows_works(shop: Workshop, state: State, move: Move[State]) -> None:
    is_free = "no owner" in move.when
    await an_action(shop, state, owned=not is_free, done_when="all eight" if "counts as done" in move.when else "")
    who = WHO[move.who[0]]
    await shop.says(who, line(move.verb))
    action = await shop.row(Action, code="A-1")
    assert action.state is (move.target or state)
    entry = (await entries(shop))[-1]
    assert (entry.verb, entry.by) == (move.verb, (await shop.person(who.title())).id)


@pytest.mark.parametrize(("state", "verb"), ILLEGAL, ids=str)
async def test_what_the_table_does_not_allow_says_what_is_allowed(shop: Workshop, state: State, verb: str) -> None:
    await an_action(shop, state)
    said = await shop.says("ben", line(verb))
    assert f"A-1 is {state_words(state)}, so it can't be" in said
    owner = {Part.OWNER, Part.ANYBODY}
    assert all(each in said for each in verbs_from(MOVES, state, owner) or verbs_from(MOVES, state))
    assert "Nothing was changed." in said
    assert (await shop.row(Action, code="A-1")).version == 1
    assert await entries(shop) == []


@pytest.mark.parametrize(
    ("state", "verb"), [(state, move.verb) for state, move in LEGAL if Part.ANYBODY not in move.who], ids=str
)
async def test_who_has_no_part_in_it_is_told_who_has(shop: Workshop, state: State, verb: str) -> None:
    await an_action(shop, state)
    assert "Only " in (said := await shop.says("cem", line(verb))), said
    assert (await shop.row(Action, code="A-1")).version == 1


def test_every_state_is_in_the_table_and_every_verb_has_its_participle() -> None:
    assert list(states_in(MOVES)) == list(State)
    assert all(move.done for move in MOVES)


async def entries(shop: Workshop) -> list[AuditEvent]:
    async with shop.house.database.read(SYSTEM) as tx:
        return list(await tx.all(select(AuditEvent).order_by(col(AuditEvent.id))))
