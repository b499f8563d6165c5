"""Whatever is wanted for people over some days: nothing comes in their quiet or beyond their number; nothing is lost.

What may come, and when, is said here once more and in another way: minute by minute from the rules of domain.md 3.5.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.engine import Database
from storage.messages import Lane, Message
from storage.people import Absence
from storage.quiet import DIGEST_VIEW
from tests.support.examples import NewUrl, examples
from tests.support.hushed import LOUD, NAG, Came, Hushed, hushed
from tests.support.reading import words_of

State = Message.State
BEGINS = datetime(2026, 12, 23, tzinfo=UTC)  # before Christmas: Friday and Monday are holidays in England
DAYS = 6
AT_REST = BEGINS + timedelta(days=DAYS + 20)
WITHIN_S = 120


@dataclass(frozen=True, slots=True)
class Wish:
    """A message that is wanted some minutes after the beginning."""

    minute: int
    view: str
    traffic: Lane.Traffic
    urgent: bool
    lasts_h: int | None

    @property
    def waits(self) -> bool:
        """Whether it minds somebody's quiet."""
        return not self.urgent and self.view != LOUD and self.traffic is not Lane.Traffic.REPLY


@dataclass(frozen=True, slots=True)
class Life:
    """What Zoe has chosen, and when she is away."""

    zone: str
    working_days: str
    calendar: str | None
    quiet: tuple[time, time]
    a_day: int
    away: tuple[int, int] | None

    def is_off(self, on: date) -> bool:
        """Whether she is not there on a day."""
        is_holiday = self.calendar == "GB-ENG" and on in {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}
        first = BEGINS.date()
        is_away = self.away is not None and self.away[0] <= (on - first).days <= self.away[0] + self.away[1]
        return is_holiday or is_away or f"{on:%a}".lower() not in self.working_days

    def is_quiet(self, at: datetime) -> bool:
        """Whether nothing may come that waits."""
        local = at.astimezone(ZoneInfo(self.zone))
        begins, ends = self.quiet
        after, before = local.time() >= begins, local.time() < ends
        in_hours = (after and before) if begins <= ends else (after or before)
        return in_hours or self.is_off(local.date())

    def day_of(self, at: datetime) -> date:
        """The day on her clock."""
        return at.astimezone(ZoneInfo(self.zone)).date()


wishes = st.builds(
    Wish,
    st.integers(0, DAYS * 24 * 60) | st.integers(9 * 60, 18 * 60),
    st.sampled_from(["note", "note", "note", LOUD, NAG]),
    st.sampled_from([Lane.Traffic.PROMPT, Lane.Traffic.PROMPT, Lane.Traffic.SUMMARY, Lane.Traffic.REPLY]),
    st.sampled_from([False, False, False, True]),
    st.sampled_from([None, None, 1, 8, 30]),
)
lives = st.builds(
    Life,
    st.sampled_from(["Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]),
    st.sampled_from(["mon,tue,wed,thu,fri", "mon,tue,wed,fri", "sun,mon,tue", "mon,tue,wed,thu,fri,sat,sun"]),
    st.sampled_from(["GB-ENG", None]),
    st.sampled_from([(time(18, 30), time(7, 30)), (time(16), time(9)), (time(12), time(14)), (time(7), time(7))]),
    st.sampled_from([0, 1, 2, 6]),
    st.none() | st.tuples(st.integers(0, DAYS), st.integers(0, 4)),
)


@pytest.mark.req("S3-32", "S4-12")
@examples(12)
@given(life=lives, stream=st.lists(wishes, min_size=1, max_size=10), workers=st.integers(1, 2))
def test_nothing_comes_in_quiet_or_beyond_the_number_and_nothing_is_lost(
    life: Life, stream: list[Wish], workers: int, new_url: NewUrl
) -> None:
    asyncio.run(asyncio.wait_for(_told(new_url(), life, stream, workers), WITHIN_S))


async def _told(url: str, life: Life, stream: Sequence[Wish], workers: int) -> None:
    database = Database(url)
    try:
        company = await hushed(database, BEGINS, people=("Zoe",))
        await _chooses(company, life)
        wanted = [(each, await _want(company, each)) for each in sorted(stream, key=lambda wish: wish.minute)]
        await company.until(AT_REST)
        if workers > 1:  # whoever comes late finds nothing left to do
            await asyncio.gather(*(company.a_worker(f"worker-{n}").drain() for n in range(workers)))
        await _holds(company, life, {key: wish for wish, key in wanted})
    finally:
        await database.close()


async def _chooses(company: Hushed, life: Life) -> None:
    await company.sets(
        "zoe",
        zone=life.zone,
        working_days=life.working_days,
        calendar=life.calendar,
        quiet_from=life.quiet[0],
        quiet_to=life.quiet[1],
        messages_a_day=life.a_day,
    )
    if life.away is not None:
        first = BEGINS.date() + timedelta(days=life.away[0])
        await company.is_away("zoe", Absence(from_on=first, to_on=first + timedelta(days=life.away[1])))


async def _want(company: Hushed, wish: Wish) -> str:
    now = BEGINS + timedelta(minutes=wish.minute)
    await company.until(now)
    not_after = None if wish.lasts_h is None else now + timedelta(hours=wish.lasts_h)
    return await company.want(
        "zoe", f"words {wish.minute}.", view=wish.view, traffic=wish.traffic, urgent=wish.urgent, not_after=not_after
    )


async def _holds(company: Hushed, life: Life, wanted: dict[str, Wish]) -> None:
    rows = await company.messages()
    assert set(wanted) <= set(rows)
    assert max(Counter(each.key for each in company.came).values(), default=1) == 1, "something came twice"
    waiting = [each for each in company.came if each.key not in wanted or wanted[each.key].waits]
    assert [each for each in waiting if life.is_quiet(each.at)] == []
    _within_the_number(life, [each for each in waiting if each.key in wanted])
    digests = [each for each in company.came if each.key.startswith(DIGEST_VIEW)]
    days = await company.days()
    on_days = Counter(days[int(each.key.rpartition(":")[2])].on for each in digests)
    assert max(on_days.values(), default=1) == 1, "a day has two digests"
    listed = "\n".join(words_of(card) for card in company.digests("zoe"))
    for key, wish in wanted.items():
        row = rows[key]
        assert row.state in {State.SHOWN, State.HELD, State.CANCELLED}, row
        assert row.state is not State.CANCELLED or row.error
        assert row.state is not State.HELD or f"words {wish.minute}." in listed, "held, and nowhere"


def _within_the_number(life: Life, came: Sequence[Came]) -> None:
    a_day = Counter(life.day_of(each.at) for each in came)
    assert [(on, number) for on, number in a_day.items() if number > life.a_day] == []
