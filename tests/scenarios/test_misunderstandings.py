"""What people write that is easily misread: several lines, odd days, several names, numbers in another order."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime

import pytest
import pytest_asyncio
from sqlmodel import select

from storage.blockers import Blocker, blocker_coded
from storage.customers import VocItem
from storage.huddles import Expectation, HuddleRun
from storage.people import Absence
from storage.teams import Team
from tests.scenarios.acts import ORGANISATION, at, card_of, press, status_of, the_run, told
from tests.scenarios.stage import Post, Stage, open_stage
from tests.support.reading import button_of, labels_of, words_of


@pytest_asyncio.fixture
async def stage(northwater_url: str) -> AsyncIterator[Stage]:
    async with open_stage(northwater_url) as opened:
        yield opened


async def absences_stored(stage: Stage) -> Sequence[Absence]:
    async with stage.house.database.read(ORGANISATION) as tx:
        return await tx.all(select(Absence))


async def runs_stored(stage: Stage) -> Sequence[date]:
    async with stage.house.database.read(ORGANISATION) as tx:
        return [run.local_date for run in await tx.all(select(HuddleRun))]


async def threads(stage: Stage) -> list[Post]:
    posts = await stage.posts("amy", "field-dispatch")
    return [each for each in posts if "All answers of Tue 24 Nov" in each.words or "No answers" in each.words]


async def a_second_huddle(stage: Stage) -> None:
    async with stage.house.database.write(ORGANISATION) as tx:
        tx.acts_for(by=None, event_id=None, now=at(9, 14))
        tx.add(Team(name="Night shift", zone="Europe/London"))
    await told(stage, "ivo", '/huddle setup "Night" team:"Night shift" at:18:00 mins:30')


# --- several lines


async def test_four_messages_are_four_lines_of_the_focus(stage: Stage) -> None:
    await stage.until(at(9, 15))
    for line in ("Finish the rota", "Call Harbour Road", "Van 9 to the garage", "Thank the night shift"):
        await stage.say("ben", line)
    prompt = (await stage.prompt("ben")).words
    assert "Today  Finish the rota\nCall Harbour Road\nVan 9 to the garage\nThank the night shift" in prompt
    async with stage.house.database.read(ORGANISATION) as tx:
        assert await blocker_coded(tx, "B-7") is None
        assert await tx.all(select(VocItem).where(VocItem.code == "V-9")) == []


async def test_a_line_after_four_in_one_message_is_added_to_the_focus(stage: Stage) -> None:
    await stage.until(at(9, 15))
    await stage.say("amy", "Valve checks\nHarbour Road\nno pump seals\nShe waited in twice")
    await stage.say("amy", "and Mill Lane")
    prompt = (await stage.prompt("amy")).words
    assert "Finished  Valve checks" in prompt
    assert "Today  Harbour Road\nand Mill Lane" in prompt
    assert "In the way  no pump seals" in prompt
    assert "changed" not in prompt


async def test_a_line_kept_for_a_day_takes_nothing_away_from_what_came_by_form_meanwhile(stage: Stage) -> None:
    await stage.until(at(9, 15))
    await stage.answer("cem", focus="Last Mill Lane job")
    await stage.say("cem", "Oakley meters")
    kept = (await stage.posts("cem"))[-1]
    assert kept.card is not None
    await stage.until(at(9, 16, day=25))
    await stage.answer("cem", focus="Mill Lane", blocker="No fault details")
    said = card_of(await stage.press("cem", kept, button_of(kept.card, "Huddle of Wed 25 Nov")))
    assert labels_of(said) == []
    prompt = (await stage.prompt("cem")).words
    assert "Today  Oakley meters" in prompt
    assert "In the way  No fault details" in prompt


# --- days off


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("/huddle skip 2026-11-20", "Fri 20 Nov 2026 is over. I can skip a huddle to come"),
        ("/huddle skip 2026-11-28", "no huddle on Sat 28 Nov 2026. The next one is on Mon 30 Nov 2026"),
        ("/huddle skip 2026-12-25", "no huddle on Fri 25 Dec 2026. The next one is on Tue 29 Dec 2026"),
        ("/huddle skip 2028-11-24", "more than a year ahead. I can skip huddles until Thu 25 Nov 2027"),
    ],
)
async def test_a_day_that_can_not_be_skipped_is_refused_with_what_is_possible(
    stage: Stage, line: str, reply: str
) -> None:
    before = await runs_stored(stage)
    assert reply in await told(stage, "dana", line)
    assert await runs_stored(stage) == before


async def test_a_day_is_skipped_once(stage: Stage) -> None:
    await told(stage, "dana", "/huddle skip fri")
    assert "skipped already" in await told(stage, "dana", "/huddle skip fri")


async def test_a_later_day_off_is_told_to_the_lead_alone(stage: Stage) -> None:
    room = await stage.posts("amy", "field-dispatch")
    assert "on Fri 27 Nov 2026 is skipped" in await told(stage, "dana", "/huddle skip fri Team day")
    assert await stage.posts("amy", "field-dispatch") == room
    run = await the_run(stage, 27)
    assert run is not None
    assert run.state is HuddleRun.State.SKIPPED


async def test_an_administrator_skips_the_only_huddle(stage: Stage) -> None:
    assert "Field Dispatch on Fri 27 Nov 2026 is skipped" in await told(stage, "ivo", "/huddle skip fri")


async def test_an_administrator_is_asked_which_of_several_huddles(stage: Stage) -> None:
    await a_second_huddle(stage)
    assert "huddles of Field Dispatch and Night shift" in await told(stage, "ivo", "/huddle skip fri")
    named = await told(stage, "ivo", '/huddle skip fri team:"Field Dispatch"')
    assert "Field Dispatch on Fri 27 Nov 2026 is skipped" in named


async def test_a_lead_does_not_skip_the_huddle_of_another_team(stage: Stage) -> None:
    await a_second_huddle(stage)
    assert "Only its lead or an administrator" in await told(stage, "dana", '/huddle skip fri team:"Night shift"')
    assert "can't find the team 'Nobody'" in await told(stage, "dana", "/huddle skip fri team:Nobody")


# --- absence


async def test_everybody_named_is_away(stage: Stage) -> None:
    assert "Amy and Ben are away on Wed 25 Nov 2026" in await told(stage, "dana", "/huddle away tomorrow @amy @ben")
    await stage.until(at(9, 15, day=25))
    async with stage.house.database.read(ORGANISATION) as tx:
        run = await the_run(stage, 25)
        assert run is not None
        absent = await tx.all(
            select(Expectation).where(Expectation.run_id == run.id, Expectation.status == Expectation.Status.ABSENT)
        )
    assert len(absent) == len(("Amy", "Ben", "Fay"))


async def test_everybody_named_is_back(stage: Stage) -> None:
    await told(stage, "dana", "/huddle away today @amy @ben")
    assert "Amy and Ben are back" in await told(stage, "dana", "/huddle back @amy @ben")
    await stage.until(at(9, 15))
    assert await status_of(stage, "Amy") is Expectation.Status.EXPECTED


async def test_nobody_is_away_where_one_of_several_names_is_unknown(stage: Stage) -> None:
    before = len(await absences_stored(stage))
    assert "can't find anybody called 'zoe'" in await told(stage, "dana", "/huddle away tomorrow @amy @zoe")
    assert len(await absences_stored(stage)) == before


async def test_back_cancels_an_absence_that_has_not_begun(stage: Stage) -> None:
    await told(stage, "ben", "away 21 Dec to 1 Jan")
    cancelled = await told(stage, "ben", "back")
    assert "no longer away from Mon 21 Dec 2026 to Fri 1 Jan 2027" in cancelled
    assert "not away" in await told(stage, "ben", "back")


async def test_undo_brings_a_cancelled_absence_back(stage: Stage) -> None:
    await told(stage, "ben", "away 21 Dec to 1 Jan")
    await told(stage, "ben", "back")
    assert words_of(card_of(await press(stage, "ben", "Undo"))).startswith("Undone")
    assert "no longer away from Mon 21 Dec 2026" in await told(stage, "ben", "back")


async def test_back_with_a_later_day_ends_the_absence_on_its_eve(stage: Stage) -> None:
    assert "back on Thu 24 Dec 2026" in await told(stage, "fay", "back 24 Dec")
    assert "Welcome back" in await told(stage, "fay", "back today")


@pytest.mark.parametrize("line", ["away 2020-01-01", "away yesterday", "away 2026-01-01 to 2026-02-21"])
async def test_an_absence_in_the_past_is_not_stored(stage: Stage, line: str) -> None:
    before = len(await absences_stored(stage))
    assert "over already" in await told(stage, "ben", line)
    assert len(await absences_stored(stage)) == before


@pytest.mark.parametrize("until", [at(9, 31), at(9, 0, day=25)])
async def test_away_today_on_an_old_prompt_stores_nothing(stage: Stage, until: datetime) -> None:
    await stage.until(at(9, 15))
    prompt = await stage.prompt("ben")
    assert prompt.card is not None
    button = button_of(prompt.card, "I'm away today")
    before = len(await absences_stored(stage))
    await stage.until(until)
    assert "is over" in words_of(card_of(await stage.press("ben", prompt, button)))
    assert len(await absences_stored(stage)) == before


# --- set-up


async def test_a_night_shift_in_one_zone_is_not_offered_its_own_time(stage: Stage) -> None:
    assert "where they are" not in await told(stage, "dana", '/huddle setup "Field Dispatch" at:22:00')


# --- numbers


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ('/measure add "Repeat visits" unit:furlongs', "It can be percent, number, seconds"),
        ('/measure add "Repeat visits" code:"R V"', "one word of at most 12 characters"),
        ('/measure add "Repeat visits" code:REPEATEDVISITS', "one word of at most 12 characters"),
        (f'/measure add "{"Visits " * 12}"', "at most 75 fit"),
    ],
)
async def test_a_measure_that_can_not_be_added_is_refused_with_what_is_possible(
    stage: Stage, line: str, reply: str
) -> None:
    assert reply in await told(stage, "dana", line)
    assert "Repeat visits" not in await told(stage, "dana", "/measure list")


@pytest.mark.parametrize(
    "typed", ["23 nov 80", "80 23 nov", "80 nov 23", "nov 23 80", "23 nov 2026 80", "80 23 nov 2026"]
)
async def test_a_day_and_a_number_are_read_in_either_order(stage: Stage, typed: str) -> None:
    assert "for Mon 23 Nov 2026: 80%" in await told(stage, "dana", f"/measure record FTF {typed}")


# --- blockers


async def test_who_helps_with_their_own_blocker_gets_no_message_from_themselves(stage: Stage) -> None:
    await stage.until(at(9, 16))
    await stage.answer("cem", focus="Mill Lane", blocker="No fault details")
    await stage.until(at(9, 31))
    words = words_of(card_of(await press(stage, "cem", "I can help with B-7", "field-dispatch")))
    assert "B-7 is in your hands" in words
    assert "will hear" not in words
    assert not any("can help with B-7" in post.words for post in await stage.posts("cem"))
    async with stage.house.database.read(ORGANISATION) as tx:
        blocker = await blocker_coded(tx, "B-7")
    assert blocker is not None
    assert blocker.state is Blocker.State.ACKNOWLEDGED


# --- a huddle that nobody answers


async def test_a_summary_without_an_answer_has_no_thread_until_the_first_late_one(stage: Stage) -> None:
    await stage.until(at(9, 31))
    assert await threads(stage) == []
    await stage.answer("cem", focus="Mill Lane")
    assert ["Mill Lane" in each.words for each in await threads(stage)] == [True]
    await stage.say("ben", "The rota")
    await stage.until(at(10, 0))
    assert ["The rota" in each.words for each in await threads(stage)] == [True]
