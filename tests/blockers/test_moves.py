"""Every verb in every state: what the table allows works, and everything else says what is allowed instead."""

import pytest

from bot.blockers.rules import HELD, MOVES, State
from bot.work.rules import Move, Part, moves_from, states_in, verbs_from
from tests.blockers.in_the_way import Way
from tests.support.workshop import Workshop

BY_PEOPLE = tuple(move for move in MOVES if Part.CLOCK not in move.who)
VERBS = tuple(dict.fromkeys(move.verb for move in BY_PEOPLE))
LEGAL = [(state, move) for move in BY_PEOPLE for state in move.sources]
OFFER = {"take", "help"}
ILLEGAL = [
    (state, verb)
    for state in State
    for verb in VERBS
    # One button offers help: in a state where nobody holds it, it takes, else it helps.
    if not moves_from(MOVES, verb, state) and not (verb in OFFER and state is not State.RESOLVED)
]
WHO = {Part.RAISER: "cem", Part.LEAD: "dana", Part.ANYBODY: "ben"}


async def act(way: Way, who: str, verb: str) -> str:
    match verb:
        case "take" | "help":
            return await way.press(who, "blocker.help")
        case "ask":
            return await way.send(who, "blocker.name", {"who": str((await way.shop.person("Ann")).id)})
        case "pass":
            return await way.press(who, "blocker.pass")
        case "resolve":
            return await way.shop.says(who, "resolved B-1 found the notes")
        case "reopen":
            return await way.shop.says(who, "/huddle reopen B-1 they were the wrong ones")
        case _:
            raise AssertionError(verb)


@pytest.mark.req("S3-28")
@pytest.mark.parametrize(("state", "move"), LEGAL, ids=lambda each: getattr(each, "verb", str(each)))
async def test_what_the_table_allows_works(shop: Workshop, state: State, move: Move[State]) -> None:
    way = Way(shop)
    is_held = state is State.ACKNOWLEDGED or move.when == HELD
    await way.put(state, held=is_held, tier=2 if state is State.ESCALATED else 1)
    who = WHO[move.who[0]]
    await act(way, who, move.verb)
    assert (await way.now()).state is (move.target or state)
    entry = (await way.entries())[-1]
    assert (entry.verb, entry.by) == (move.verb, (await shop.person(who.title())).id)


@pytest.mark.req("S3-28")
@pytest.mark.parametrize(("state", "verb"), ILLEGAL, ids=str)
async def test_what_the_table_does_not_allow_says_what_is_allowed(shop: Workshop, state: State, verb: str) -> None:
    way = Way(shop)
    await way.put(state, held=state is State.ACKNOWLEDGED)
    said = await act(way, "dana", verb)
    assert "Nothing was changed." in said
    allowed = verbs_from(MOVES, state, {Part.ANYBODY, Part.LEAD, Part.TEAM})
    assert all(each in said for each in allowed), said
    assert (await way.now()).version == 1
    assert await way.entries() == []


@pytest.mark.parametrize(
    ("state", "verb"), [(state, move.verb) for state, move in LEGAL if Part.ANYBODY not in move.who], ids=str
)
async def test_who_has_no_part_in_it_is_told_who_has(shop: Workshop, state: State, verb: str) -> None:
    way = Way(shop)
    await way.put(state, held=state is State.ACKNOWLEDGED)
    assert "Only " in await act(way, "fin", verb)
    assert (await way.now()).version == 1


def test_every_state_is_in_the_table_and_every_verb_has_its_participle() -> None:
    assert list(states_in(MOVES)) == list(State)
    assert all(move.done for move in MOVES)
