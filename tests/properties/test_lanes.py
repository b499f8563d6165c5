"""A lane in trouble changes nothing for another: the same days are lived with it and without it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ports import MaybeSent, NotSent, RateLimited, Refused
from storage.engine import Database
from tests.support.examples import NewUrl, examples
from tests.support.exchange import COMPANIES, TRAFFIC, Exchange
from tests.support.platform import RealTime
from tests.support.turns import Life

pytestmark = pytest.mark.slow

Lane = tuple[str, str]
Day = Sequence[tuple[str, Lane]]
TROUBLES: Mapping[str, Callable[[], Exception]] = {
    "too fast": lambda: RateLimited("fake", 3600),
    "too fast, nobody knows for how long": lambda: RateLimited("fake"),
    "not sent": lambda: NotSent("no connection"),
    "no answer": lambda: MaybeSent("no answer"),
    "refused": lambda: Refused("no such room"),
    "a surprise": lambda: KeyError("surprise"),
}

lanes = st.tuples(st.sampled_from(COMPANIES), st.sampled_from(tuple(TRAFFIC)))
days = st.lists(st.tuples(st.sampled_from(["wants", "edits", "takes_back"]), lanes), min_size=1, max_size=4)


@examples(2)
@given(life=st.lists(days, max_size=2), lane=lanes, trouble=st.sampled_from(sorted(TROUBLES)))
def test_a_lane_in_trouble_changes_nothing_for_another(
    life: Sequence[Day], lane: Lane, trouble: str, new_url: NewUrl
) -> None:
    life = [_everybody("wants"), *life, _everybody("edits")]
    without = asyncio.run(_lived(new_url(), life, None, trouble))
    within = asyncio.run(_lived(new_url(), life, lane, trouble))
    others = {each for each in without if each != lane and not _hangs_on(each, lane)}
    assert {each: within[each] for each in others} == {each: without[each] for each in others}


def _everybody(what: str) -> Day:
    return [(what, (company, letter)) for company in COMPANIES for letter in TRAFFIC]


def _hangs_on(other: Lane, lane: Lane) -> bool:
    """What stands in the thread of a message waits for that message, whatever its own lane."""
    return (other[0], other[1], lane[1]) == (lane[0], "reply", "greeting")


async def _lived(url: str, life: Sequence[Day], lane: Lane | None, trouble: str) -> Mapping[Lane, object]:
    """What each lane has seen."""
    here = Exchange(Database(url), RealTime())
    try:
        await here.opens()
        if lane is not None:
            here.platform.troubles[here.letters[lane].tenant, lane[1]] = TROUBLES[trouble]
        for number, day in enumerate(life):
            for what, of in day:
                await getattr(here, what)(here.letters[of], Life())
            await here.works(Life(), f"worker {number}")
            await here.passes(2.0, Life())
        return {each: await _seen(here, each) for each in here.letters}
    finally:
        await here.database.close()


async def _seen(here: Exchange, lane: Lane) -> object:
    letter = here.letters[lane]
    row = await here.row(letter)
    mine = (letter.tenant, letter.name)
    return (
        here.platform.tried[mine],
        [post.words for post in here.platform.standing(*mine)],
        row and (row.state, row.wanted_rev, row.shown_rev, row.attempts, row.error),
    )


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_lane_in_trouble_is_in_trouble(new_url: NewUrl, trouble: str) -> None:
    """Otherwise the law above would say nothing."""
    lane = (COMPANIES[0], "greeting")
    life = [[("wants", lane)]]
    assert asyncio.run(_lived(new_url(), life, lane, trouble)) != asyncio.run(_lived(new_url(), life, None, trouble))
