"""What a team does from day to day besides answering: absence, Undo, days off, blockers, numbers, set-up."""

from collections.abc import AsyncIterator, Mapping
from datetime import date

import pytest
import pytest_asyncio
from sqlmodel import select

from adapters.pictures.drawing import drawn, tag_of
from bot.chat.cards import Card, drawings_in
from bot.chat.forms import Form
from storage.blockers import Blocker, blocker_coded
from storage.huddles import Expectation, Huddle, HuddleRun
from storage.people import Person
from storage.teams import Team, members
from tests.scenarios.acts import ORGANISATION, at, card_of, form_of, press, status_of, the_run, told
from tests.scenarios.stage import Stage, open_stage
from tests.support.reading import button_of, labels_of, shown_in, words_of


@pytest_asyncio.fixture
async def stage(northwater_url: str) -> AsyncIterator[Stage]:
    async with open_stage(northwater_url) as opened:
        yield opened


# --- absence


async def test_somebody_away_is_repeated_the_days_and_is_not_asked(stage: Stage) -> None:
    assert "away on Tue 24 Nov 2026" in await told(stage, "ben", "away")
    await stage.until(at(9, 15))
    assert await status_of(stage, "Ben") is Expectation.Status.ABSENT
    assert not any("open until 09:30" in post.words for post in await stage.posts("ben"))


async def test_undo_takes_an_absence_back(stage: Stage) -> None:
    await stage.say("ben", "away")
    assert words_of(card_of(await press(stage, "ben", "Undo"))).startswith("Undone")
    await stage.until(at(9, 15))
    assert await status_of(stage, "Ben") is Expectation.Status.EXPECTED


async def test_an_undone_reply_has_no_undo_left(stage: Stage) -> None:
    await stage.say("ben", "away tomorrow")
    await press(stage, "ben", "Undo")
    assert not any(post.card and "Undo" in labels_of(post.card) for post in await stage.posts("ben"))


async def test_undo_comes_too_late_after_five_minutes(stage: Stage) -> None:
    await stage.say("ben", "away tomorrow")
    await stage.until(at(9, 20))
    assert "five minutes" in words_of(card_of(await press(stage, "ben", "Undo")))


async def test_away_on_the_prompt_and_back_again_asks_again(stage: Stage) -> None:
    await stage.until(at(9, 15))
    await press(stage, "ben", "I'm away today")
    assert await status_of(stage, "Ben") is Expectation.Status.ABSENT
    assert "Away: Ben" in (await stage.posts("amy", "field-dispatch"))[-1].words
    await press(stage, "ben", "I'm here after all")
    assert await status_of(stage, "Ben") is Expectation.Status.EXPECTED
    assert "open until 09:30" in (await stage.prompt("ben")).words


async def test_a_lead_says_that_somebody_is_away_and_a_colleague_can_not(stage: Stage) -> None:
    assert "Amy is away on Fri 27 Nov 2026" in await told(stage, "dana", "/huddle away fri @Amy")
    assert "Only Amy or the lead" in await told(stage, "ben", "/huddle away fri @Amy")


async def test_an_ambiguous_date_is_asked_and_one_press_settles_it(stage: Stage) -> None:
    asked = card_of(await stage.say("ben", "away 03/04"))
    assert labels_of(asked) == ["Thu 4 Mar 2027", "Sat 3 Apr 2027"]
    assert "away on Thu 4 Mar 2027" in words_of(card_of(await press(stage, "ben", "Thu 4 Mar 2027")))


async def test_back_ends_an_absence(stage: Stage) -> None:
    assert "Welcome back" in await told(stage, "fay", "back")
    await stage.until(at(9, 15))
    assert await status_of(stage, "Fay") is Expectation.Status.EXPECTED
    assert "not away" in await told(stage, "ben", "back")


# --- days off


async def test_the_lead_calls_a_day_off_and_nobody_is_asked(stage: Stage) -> None:
    await told(stage, "dana", "/huddle skip today Team day")
    await stage.until(at(9, 40))
    run = await the_run(stage, 24)
    assert run is not None
    assert run.state is HuddleRun.State.SKIPPED
    assert "Team day" in (await stage.posts("amy", "field-dispatch"))[-1].words
    assert await status_of(stage, "Amy") is None


async def test_an_undone_day_off_is_a_huddle_again_with_its_header(stage: Stage) -> None:
    await told(stage, "dana", "/huddle skip")
    await press(stage, "dana", "Undo")
    await stage.until(at(9, 15))
    assert "Huddle is open until 09:30" in (await stage.posts("amy", "field-dispatch"))[-1].words
    assert await status_of(stage, "Amy") is Expectation.Status.EXPECTED


async def test_a_day_off_in_the_middle_takes_the_buttons_away(stage: Stage) -> None:
    await stage.until(at(9, 16))
    await told(stage, "dana", "/huddle skip")
    assert "No huddle" in (await stage.posts("ben"))[-1].words
    assert labels_of((await stage.posts("ben"))[-1].card or Card("none")) == []


async def test_only_the_lead_calls_a_day_off(stage: Stage) -> None:
    assert "Only a team's lead or an administrator" in await told(stage, "ben", "/huddle skip")


async def test_a_holiday_of_the_teams_calendar_is_no_huddle(stage: Stage) -> None:
    async with stage.house.database.write(ORGANISATION) as tx:
        tx.acts_for(by=None, event_id=None, now=at(9, 14))
        team = await tx.first(select(Team))
        assert team is not None
        team.calendar = "GB-SCT"
    await stage.until(at(12, 0, day=30))
    run = await the_run(stage, 30)
    assert run is not None
    assert run.state is HuddleRun.State.SKIPPED
    assert "Andrew" in run.reason


# --- answers in odd places


async def test_several_lines_in_the_window_are_one_answer(stage: Stage) -> None:
    await stage.until(at(9, 15))
    await stage.say("ben", "Finish the rota")
    await stage.say("ben", "and call Harbour Road")
    prompt = await stage.prompt("ben")
    assert "Finish the rota\nand call Harbour Road" in prompt.words
    assert "changed" not in prompt.words


async def test_four_lines_answer_four_questions(stage: Stage) -> None:
    await stage.until(at(9, 15))
    await stage.say("amy", "Valve checks\nHarbour Road\nno pump seals\nShe waited in twice, call 07700 900123")
    words = (await stage.prompt("amy")).words
    assert "Finished  Valve checks" in words
    assert "B-7" in words
    assert "07700" not in words


async def test_a_line_after_a_form_asks_where_it_belongs(stage: Stage) -> None:
    await stage.until(at(9, 15))
    await stage.answer("cem", focus="Last Mill Lane job")
    asked = card_of(await stage.say("cem", "A new thought"))
    assert labels_of(asked) == ["Today's focus", "Huddle of Wed 25 Nov"]
    await press(stage, "cem", "Today's focus")
    assert "A new thought" in (await stage.prompt("cem")).words


async def test_an_answer_kept_for_tomorrow_counts_tomorrow_and_nobody_asks_again(stage: Stage) -> None:
    await stage.until(at(9, 15))
    await stage.answer("cem", focus="Last Mill Lane job")
    await stage.say("cem", "Oakley meters")
    await press(stage, "cem", "Huddle of Wed 25 Nov")
    await stage.until(at(9, 15, day=25))
    assert not any("Wed 25 Nov · open until" in post.words for post in await stage.posts("cem"))
    assert "1 of 5 answered" in (await stage.posts("amy", "field-dispatch"))[-1].words


async def test_somebody_outside_the_team_is_told_kindly(stage: Stage) -> None:
    await stage.until(at(9, 15))
    answer = card_of(await press(stage, "dana", "Add or change my answer", "field-dispatch"))
    assert "doesn't expect an answer from you" in words_of(answer)


async def test_an_old_button_does_nothing_and_says_so(stage: Stage) -> None:
    await stage.until(at(9, 16))
    post = await stage.prompt("ben")
    assert post.card is not None
    old = button_of(post.card, "Answer")
    await stage.until(at(9, 0, day=25))
    assert "is closed" in words_of(card_of(await stage.press("ben", post, old)))


async def test_a_form_sent_after_midnight_is_refused_and_offers_the_next(stage: Stage) -> None:
    await stage.until(at(9, 16))
    post = await stage.prompt("ben")
    assert post.card is not None
    form = form_of(await stage.press("ben", post, button_of(post.card, "Answer")))
    await stage.until(at(0, 5, day=25))
    assert "closed" in words_of(card_of(await stage.submit("ben", form, {"focus": "Too late"})))


async def test_a_form_sent_twice_is_one_answer(stage: Stage) -> None:
    await stage.until(at(9, 16))
    await stage.answer("ben", focus="Rota")
    path, fields = stage.last
    await stage._do(path, fields, "another-event")  # noqa: SLF001 - the same form under another event id
    assert "changed" not in (await stage.prompt("ben")).words


async def test_yesterdays_plan_fills_the_form(stage: Stage) -> None:
    await stage.until(at(9, 16))
    form = form_of(await press(stage, "ben", "Same as yesterday's plan"))
    held = shown_in(form)
    assert (held["finished"], held["focus"]) == ("Finish the December rota", "Finish the December rota")


# --- blockers


async def with_a_blocker(stage: Stage) -> None:
    await stage.until(at(9, 16))
    await stage.answer("cem", focus="Mill Lane", blocker="No fault details")
    await stage.until(at(9, 31))


async def the_blocker(stage: Stage) -> Blocker:
    async with stage.house.database.read(ORGANISATION) as tx:
        found = await blocker_coded(tx, "B-7")
    assert found is not None
    return found


async def test_who_offers_help_is_named_and_the_raiser_hears_of_it(stage: Stage) -> None:
    await with_a_blocker(stage)
    await press(stage, "amy", "I can help with B-7", "field-dispatch")
    assert "with Amy" in (await stage.posts("amy", "field-dispatch"))[-2].words + (await summary_words(stage))
    assert any("Amy can help with B-7" in post.words for post in await stage.posts("cem"))
    assert (await the_blocker(stage)).state is Blocker.State.ACKNOWLEDGED


async def summary_words(stage: Stage) -> str:
    posts = await stage.posts("amy", "field-dispatch")
    return next(post.words for post in reversed(posts) if "Huddle · Field Dispatch · Tue 24 Nov" in post.words)


async def test_a_solved_blocker_leaves_the_summary_and_is_solved_once(stage: Stage) -> None:
    await with_a_blocker(stage)
    assert "B-7 is solved" in await told(stage, "cem", "/huddle resolve B-7 found the notes")
    assert "No fault details" not in await summary_words(stage)
    assert "solved already" in await told(stage, "cem", "/huddle resolve B-7")
    assert "I can't find B-88" in await told(stage, "cem", "/huddle resolve B-88")


async def test_a_blocker_edited_out_of_an_answer_stays_until_somebody_says_so(stage: Stage) -> None:
    await with_a_blocker(stage)
    asked = card_of(await stage.answer("cem", focus="Mill Lane", blocker="none"))
    assert labels_of(asked) == ["Solved", "A mistake"]
    assert (await the_blocker(stage)).state is Blocker.State.RAISED
    await press(stage, "cem", "Solved")
    assert (await the_blocker(stage)).state is Blocker.State.RESOLVED


# --- numbers


@pytest.mark.req("S4-08")
async def test_a_number_recorded_in_the_morning_stands_on_the_open_huddle(stage: Stage) -> None:
    await stage.until(at(9, 15))
    assert "81%, up 5 points" in await told(stage, "dana", "/measure record FTF 81")
    assert "81%" in (await stage.prompt("ben")).words
    assert "81%" in (await stage.posts("amy", "field-dispatch"))[-1].words


@pytest.mark.parametrize(
    ("user", "line", "reply"),
    [
        ("ben", "/measure record FTF 50", "Only the owner"),
        ("dana", "/measure record FTF abc", "I can't read 'abc'"),
        ("dana", "/measure record FTF 101", "from 0 to 100"),
        ("dana", "/measure record XYZ 50", "I can't find the measure XYZ"),
        ("dana", "/measure record FTF", "What is the number?"),
        ("ben", "measure list", "First-time fix"),
        ("ben", "/measure show FTF", "First-time fix"),
        ("ben", "/measure show XYZ", "I can't find the measure XYZ"),
    ],
)
async def test_what_can_not_be_recorded_is_said_with_the_way_on(stage: Stage, user: str, line: str, reply: str) -> None:
    assert reply in await told(stage, user, line)


async def test_a_number_is_shown_with_the_picture_of_its_way_there(stage: Stage) -> None:
    await told(stage, "dana", "/measure record FTF 71 period:2026-11-19")
    words = await told(stage, "ben", "/measure show FTF")
    assert "lowest 71% on Thu 19 Nov" in words
    post = (await stage.posts("ben"))[-1]
    assert post.card is not None
    [trend] = drawings_in(post.card)
    address = f"/local/pictures/{post.id}/{tag_of(trend)}.svg"
    assert await stage.picture(address) == (200, "image/svg+xml", drawn(trend, "svg"))
    for wrong in (address.replace(tag_of(trend), "0" * 16), address.replace(str(post.id), "999"), f"{address}x"):
        assert (await stage.picture(wrong))[0] == 404


# --- set-up


async def test_a_huddle_is_changed_in_one_line_and_shows_its_next_three_runs(stage: Stage) -> None:
    words = await told(stage, "dana", '/huddle setup "Field Dispatch" days:mon-thu at:08:45 mins:20 mode:local')
    assert "Monday, Tuesday, Wednesday and Thursday at 08:45" in words
    assert "Wed 25 Nov 2026, 08:45\nThu 26 Nov 2026, 08:45\nMon 30 Nov 2026, 08:45" in words
    await stage.until(at(8, 45, day=25))
    run = await the_run(stage, 25)
    assert run is not None
    assert run.state is HuddleRun.State.OPEN


async def test_a_set_up_that_can_not_be_read_comes_back_as_a_form(stage: Stage) -> None:
    form = form_of(await stage.say("dana", '/huddle setup "Field Dispatch" days:xx at:99:45 tz:Narnia mins:0'))
    assert set(form.errors) == {"days", "at", "zone", "mins"}
    assert shown_in(form)["at"] == "99:45"
    fixed: Mapping[str, str] = {"days": "mon,tue", "at": "10:00", "zone": "Europe/London", "mins": "10"}
    assert "10:00" in words_of(card_of(await stage.submit("dana", form, fixed)))


async def test_undo_puts_a_changed_huddle_back(stage: Stage) -> None:
    await told(stage, "dana", '/huddle setup "Field Dispatch" at:11:00')
    await press(stage, "dana", "Undo")
    await stage.until(at(9, 15))
    assert await status_of(stage, "Ben") is Expectation.Status.EXPECTED


async def test_a_team_far_away_makes_set_up_propose_everybodys_own_time(stage: Stage) -> None:
    async with stage.house.database.write(ORGANISATION) as tx:
        tx.acts_for(by=None, event_id=None, now=at(9, 14))
        eli = await tx.first(select(Person).where(Person.name == "Eli"))
        assert eli is not None
        eli.zone = "Asia/Kathmandu"
        amy = await tx.first(select(Person).where(Person.name == "Amy"))
        assert amy is not None
        amy.zone = "America/New_York"
    words = await told(stage, "dana", '/huddle setup "Field Dispatch" at:09:15')
    assert "04:15 in New York" in words
    await press(stage, "dana", "Everybody's own time")
    await stage.until(at(3, 30, day=25))
    assert any("Wed 25 Nov · open until 09:30" in post.words for post in await stage.posts("eli"))
    assert not any("Wed 25 Nov" in post.words for post in await stage.posts("ben"))
    await stage.until(at(14, 15, day=25))
    assert any("Wed 25 Nov · open until 09:30" in post.words for post in await stage.posts("amy"))


async def test_an_administrator_sets_up_a_team_and_its_huddle_follows(stage: Stage) -> None:
    form = form_of(await stage.say("ivo", '/team setup "Night shift"', room="all-staff"))
    async with stage.house.database.read(ORGANISATION) as tx:
        people = {each.name: str(each.id) for each in await tx.all(select(Person))}
    empty = form_of(await stage.submit("ivo", form, {"name": "", "members": ""}))
    assert set(empty.errors) == {"name", "lead", "members"}
    filled = {"name": "Night shift", "lead": people["Raj"], "members": f"{people['Ann']},{people['Bea']}"}
    assert "Raj" in words_of(card_of(await stage.submit("ivo", form, filled)))
    assert "Next three" in await told(stage, "ivo", '/huddle setup "Night" team:"Night shift" at:22:00 mins:30')
    async with stage.house.database.read(ORGANISATION) as tx:
        team = await tx.first(select(Team).where(Team.name == "Night shift"))
        assert team is not None
        assert [each.name for each in await members(tx, team, date(2026, 11, 24))] == ["Ann", "Bea"]
        assert await tx.first(select(Huddle).where(Huddle.team_id == team.id)) is not None


async def test_help_shows_what_a_person_may_use(stage: Stage) -> None:
    assert "/huddle setup" not in await told(stage, "ben", "/help huddle")
    assert "/huddle setup" in await told(stage, "dana", "/help huddle")
    assert "away until fri" in await told(stage, "ben", "/help huddle away")


async def test_an_unknown_command_offers_the_nearest(stage: Stage) -> None:
    answer = card_of(await stage.say("ben", "/huddel"))
    assert labels_of(answer) == ["Try huddle"]


async def test_a_huddle_of_the_day_is_shown_or_its_next_one_named(stage: Stage) -> None:
    assert "The next one is on Tue 24 Nov 2026" in await told(stage, "ben", "/huddle")
    await stage.until(at(9, 16))
    assert "open until 09:30" in await told(stage, "ben", "/huddle")
    assert isinstance(form_of(await stage.say("ben", "/huddle answer")), Form)
    assert "4 of 5 answered" in await told(stage, "ben", "/huddle summary 23 Nov")
    assert "no summary for Sun 22 Nov" in await told(stage, "ben", "/huddle summary 22 Nov")
