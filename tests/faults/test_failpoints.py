"""kill -9 before and after every commit and every send of a day: it ends as if nothing had happened."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.chapters import Day, a_copy
from tests.faults.house import Moment
from tests.faults.relay import relay
from tests.faults.tally import Tally

pytestmark = [pytest.mark.fault, pytest.mark.slow]
MOMENTS = tuple(moment for moment in Moment if moment is not Moment.NEVER)
PARTS = 6  # into which the moments are divided, so that processes can share them


@pytest.mark.parametrize("part", range(1, PARTS + 1))
@pytest.mark.parametrize("moment", MOMENTS)
async def test_killed_at_any_moment_of_every_act_the_day_goes_on_as_if_nothing_had_happened(
    day: Day, moment: Moment, part: int, tmp_path: Path, tally: Callable[[Tally], None]
) -> None:
    chapters = await day.chapters()
    for number in range(part, await day.most(moment) + 1, PARTS):
        with a_copy(day.morning, tmp_path) as url:
            course = await relay(url, chapters, moment, number)
        assert not course.differs, "\n".join(course.differs)
        assert not course.doubled
        assert len(course.not_come) <= 2, "two commits may fall together, but not often"
        tally(Tally(f"killed {moment}", course.deaths, len(course.differs), len(course.doubled)))
