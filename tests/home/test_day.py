"""`/today`: one's own day from the newest rows, for one's own eyes, in one's own time zone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import select

from bot.chat.cards import Button, Card, Row, buttons_of
from bot.chat.forms import Form
from storage.blockers import Blocker
from storage.engine import Database
from storage.huddles import Expectation, Huddle, HuddleRun
from storage.people import Department
from storage.teams import Membership
from storage.tx import SYSTEM, Change
from tests.home.days import TUESDAY, at, at_twenty_past, coming, row_of, the_days
from tests.support.reading import button_of, labels_of, words_of

WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 11, day) for day in (25, 26, 27))
OPEN = "Open until 09:30 · one line is enough"


async def changes_in(database: Database) -> int:
    async with database.read(SYSTEM) as tx:
        return len(await tx.all(select(Change.id)))


# --- asking for it


@pytest.mark.req("S3-34")
async def test_one_look_shows_what_waits_today_and_what_comes(database: Database) -> None:
    days = await at_twenty_past(database)
    await days.a_blocker("B-2", "The gate code is wrong", by="Ben")
    card = await days.today("ben")
    assert card.summary == "Two things for you, Ben. Tue 24 Nov 2026."
    assert row_of(card, "Huddle · Field Dispatch").detail == OPEN
    assert row_of(card, "The gate code is wrong").detail == "Open since today · B-2"
    assert "78% First-time fix yesterday up 2 points" in words_of(card)
    assert coming(card)[0] == "Wed 25 Nov, 09:15 · Huddle, Field Dispatch"


@pytest.mark.parametrize("text", ["/today", "today", "Today", "/cx today"])
async def test_it_is_asked_for_with_or_without_a_slash(text: str, sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    answer = await days.says("ben", text)
    assert isinstance(answer.content, Card)
    assert answer.private
    assert answer.content.summary.startswith("One thing for you, Ben")


async def test_a_line_that_only_begins_with_today_is_an_answer(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    answer = await days.says("ben", "today the last Mill Lane job")
    assert isinstance(answer.content, Card)
    assert answer.content.summary.startswith("Thank you, Ben. Noted at 09:20.")


async def test_asking_changes_nothing(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    everybody = ("ben", "dana", "ivo", "fay", "cora")
    first = [await days.today(who) for who in everybody]  # from here on their direct messages are known
    before = await changes_in(sqlite)
    assert [await days.today(who) for who in everybody] == first
    assert await changes_in(sqlite) == before


# --- today's huddle


async def test_its_answer_button_is_the_one_of_the_prompt(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    prompt = next(post.card for post in days.field.chat.posts.values() if post.to.account == "ben")
    assert button_of(await days.today("ben"), "Answer") == button_of(prompt, "Answer")
    assert isinstance(await days.presses("ben", "Answer"), Form)


async def test_who_has_answered_may_change_it(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    await days.answers("ben")
    row = row_of(await days.today("ben"), "Huddle · Field Dispatch")
    assert row.detail == "Answered at 09:20: Last Mill Lane job before noon · you can change it until midnight"
    assert isinstance(await days.presses("ben", "Change my answer"), Form)


async def test_a_prompt_that_came_late_has_a_window_of_its_own(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 14))
    await days.field.wakes_at(at(9, 22))
    row = row_of(await days.today("ben"), "Huddle · Field Dispatch")
    assert row.detail == "Open until 09:37 · one line is enough"


async def test_the_huddle_that_was_missed_is_not_passed_over(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 14))
    await days.field.wakes_at(at(11))
    row = row_of(await days.today("ben"), "Huddle · Field Dispatch")
    assert row.detail == "I was away at its time, so no huddle was counted"


async def test_after_midnight_yesterdays_huddle_is_gone(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    await days.until(at(0, 1, on=WEDNESDAY))
    card = await days.today("ben")
    assert row_of(card, "Huddle · Field Dispatch").detail == "Today at 09:15"
    assert labels_of(card) == []


async def test_who_does_not_work_today_is_asked_nothing(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 14))
    async with days.changing() as tx:
        (await days.person(tx, "Ben")).working_days = "mon,wed,fri"
    before = row_of(await days.today("ben"), "Huddle · Field Dispatch")
    await days.until(at(9, 20))
    card = await days.today("ben")
    assert row_of(card, "Huddle · Field Dispatch") == before
    assert before.detail == "No answer is needed from you today"
    assert coming(card)[:2] == [
        "Wed 25 Nov, 09:15 · Huddle, Field Dispatch",
        "Fri 27 Nov, 09:15 · Huddle, Field Dispatch",
    ]


async def test_a_huddle_set_up_after_its_hour_is_not_said_to_come_today(sqlite: Database) -> None:
    days = await the_days(sqlite, at(12))
    await days.a_huddle(await days.a_team("Billing desk", members=("Cora",), lead="Bea"), time(10))
    card = await days.today("cora")
    assert coming(card)[0] == "Wed 25 Nov, 10:00 · Huddle, Billing desk"
    assert "Today at" not in words_of(card)


# --- away


async def test_im_back_ends_the_absence_and_asks_again(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    welcome = await days.presses("fay", "I'm back")
    assert isinstance(welcome, Card)
    assert welcome.summary == "Welcome back. I'll ask you again."
    assert row_of(await days.today("fay"), "Huddle · Field Dispatch").detail == (
        "Open until 09:35 · one line is enough"
    )


async def test_an_answer_given_before_going_away_is_still_shown(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    await days.answers("ben")
    await days.is_away("Ben", TUESDAY, TUESDAY)
    card = await days.today("ben")
    assert row_of(card, "You're away today").button is not None
    assert row_of(card, "Huddle · Field Dispatch").detail.startswith("Answered at 09:20")


# --- time zones


async def test_an_evening_in_new_york_is_a_morning_in_sydney(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 14))
    await days.moves("Cora", "America/New_York")
    team = await days.a_team("Sydney desk", members=("Cora",), lead="Bea", zone="Australia/Sydney")
    sydney = await days.a_huddle(team, time(9, 15))
    opens_at = datetime(2026, 11, 24, 22, 15, tzinfo=UTC)
    days.field.clock.move_to(opens_at - timedelta(hours=2))
    before = await days.today("cora")
    assert row_of(before, "Huddle · Sydney desk").detail == "Today at 17:15"
    assert coming(before)[0] == "Wed 25 Nov, 17:15 · Huddle, Sydney desk 09:15 in Sydney"
    run = await days.a_run(sydney, WEDNESDAY, HuddleRun.State.OPEN, opens_at=opens_at)
    await days.expects(run, "Cora")
    days.field.clock.move_to(opens_at + timedelta(minutes=5))
    while_open = await days.today("cora")
    assert row_of(while_open, "Huddle · Sydney desk").detail == "Open until 17:30 · one line is enough"
    assert coming(while_open) == coming(before)


async def test_the_next_morning_both_what_is_late_and_what_is_to_come_are_shown(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 14))
    await days.moves("Cora", "America/New_York")
    team = await days.a_team("Sydney desk", members=("Cora",), lead="Bea", zone="Australia/Sydney")
    opened = datetime(2026, 11, 24, 22, 15, tzinfo=UTC)
    run = await days.a_run(await days.a_huddle(team, time(9, 15)), WEDNESDAY, HuddleRun.State.CLOSED, opens_at=opened)
    await days.expects(run, "Cora", Expectation.Status.SILENT)
    days.field.clock.move_to(datetime(2026, 11, 25, 14, tzinfo=UTC))
    details = [each.detail for each in (await days.today("cora")).elements if isinstance(each, Row)]
    assert details == ["Window closed at 17:30 · a late answer is welcome until midnight", "Today at 17:15"]


async def test_in_a_local_huddle_everybody_reads_their_own_hour(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 14))
    team = await days.a_team("Night shift", members=("Ben", "Amy"), lead="Raj")
    await days.a_huddle(team, time(16), mode=Huddle.Mode.LOCAL)
    await days.moves("Ben", "America/New_York")
    card = await days.today("ben")
    assert row_of(card, "Huddle · Night shift").detail == "Today at 16:00"
    assert "Wed 25 Nov, 16:00 · Huddle, Night shift" in coming(card)


async def test_who_is_further_west_has_their_own_hour_still_to_come_in_an_open_huddle(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 14))
    async with days.changing() as tx:
        huddle = await tx.first(select(Huddle))
        assert huddle is not None
        huddle.mode = Huddle.Mode.LOCAL
    await days.moves("Ben", "America/New_York")
    await days.until(at(9, 20))
    assert row_of(await days.today("amy"), "Huddle · Field Dispatch").detail == OPEN
    assert row_of(await days.today("ben"), "Huddle · Field Dispatch").detail == "Today at 09:15"


# --- what comes next


async def test_holidays_days_called_off_and_days_away_do_not_come(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 14))
    await days.says("dana", "/huddle skip thu Stock count")
    await days.is_away("Ben", FRIDAY, date(2026, 12, 24))
    assert coming(await days.today("ben")) == [
        "Wed 25 Nov, 09:15 · Huddle, Field Dispatch",
        "Tue 29 Dec, 09:15 · Huddle, Field Dispatch",
        "Wed 30 Dec, 09:15 · Huddle, Field Dispatch",
    ]


async def test_what_comes_after_somebody_has_left_the_team_is_not_theirs(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 14))
    async with days.changing() as tx:
        ben = await days.person(tx, "Ben")
        for each in await tx.all(select(Membership).where(Membership.person_id == ben.id)):
            each.to_on = WEDNESDAY
    assert coming(await days.today("ben")) == ["Wed 25 Nov, 09:15 · Huddle, Field Dispatch"]


async def test_who_is_away_without_an_end_has_nothing_to_come(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 14))
    await days.is_away("Ben", THURSDAY, None)
    assert coming(await days.today("ben")) == ["Wed 25 Nov, 09:15 · Huddle, Field Dispatch"]


# --- blockers


async def test_what_is_solved_is_gone(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    await days.a_blocker("B-2", "The gate code is wrong", by="Ben")
    solved = await days.presses("ben", "B-2 is solved")
    assert isinstance(solved, Card)
    assert solved.summary == "B-2 is solved: The gate code is wrong"
    assert "gate code" not in words_of(await days.today("ben"))


async def test_who_helps_has_it_in_their_hands_and_their_department_sees_with_whom_it_is(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    await days.a_blocker("B-2", "The gate code is wrong", by="Ben", needs="Field")
    await days.presses("raj", "I can help with B-2")
    mine, theirs, raisers = [await days.today(who) for who in ("raj", "amy", "ben")]
    assert row_of(mine, "The gate code is wrong").detail == "Open since today · from Ben · in your hands · B-2"
    assert labels_of(mine)[0] == "B-2 is solved"
    assert row_of(theirs, "The gate code is wrong") == Row(
        "The gate code is wrong", "Open since today · from Ben · with Raj · B-2"
    )
    assert row_of(raisers, "The gate code is wrong").detail == "Open since today · with Raj · B-2"


async def test_a_department_that_is_headed_from_outside_has_it_shown_to_its_head(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    await days.a_blocker("B-2", "The gate code is wrong", by="Ben", needs="Metering Ltd")
    assert "gate code" not in words_of(await days.today("fin"))
    async with days.changing() as tx:
        supplier = await tx.first(select(Department).where(Department.name == "Metering Ltd"))
        assert supplier is not None
        supplier.head_id = (await days.person(tx, "Fin")).id
    assert labels_of(await days.today("fin"))[0] == "I can help with B-2"


async def test_what_concerns_others_alone_is_not_shown(database: Database) -> None:
    days = await at_twenty_past(database)
    await days.a_blocker("B-2", "The gate code is wrong", by="Ben", needs="Call centre")
    await days.a_blocker("B-3", "No spare pump", by="Ben")
    for who in ("amy", "bea", "cora"):
        assert "gate code" not in words_of(await days.today(who))
        assert "spare pump" not in words_of(await days.today(who))
    assert "spare pump" not in words_of(await days.today("ann"))


async def test_every_button_of_a_full_day_is_one_that_the_person_may_press(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    await days.is_away("Ben", FRIDAY, FRIDAY)
    await days.a_blocker("B-1", "One", by="Ben")
    await days.a_blocker("B-2", "Two", by="Amy", needs="Field")
    await days.a_blocker("B-3", "Three", by="Amy", taken_by="Ben")
    card = await days.today("ben")
    assert labels_of(card) == ["Answer", "B-1 is solved", "I can help with B-2", "B-3 is solved"]
    for button in buttons_of(card):
        assert isinstance(button, Button)
        shown = await days.presses_on("ben", card, button.text)
        assert isinstance(shown, Form) or "Nothing was changed" not in words_of(shown)
    async with sqlite.read(SYSTEM) as tx:
        states = {each.code: each.state for each in await tx.all(select(Blocker))}
    assert states == {
        "B-1": Blocker.State.RESOLVED,
        "B-2": Blocker.State.ACKNOWLEDGED,
        "B-3": Blocker.State.RESOLVED,
    }


# --- what people write


@pytest.mark.parametrize(
    "text", ["*bold* <!channel> <@U024BE7LH>", "<script>alert(1)</script>", "\u202edrowssap", "A" * 4000, "a\nb"]
)
async def test_hostile_names_and_blockers_are_shown_as_they_were_written(text: str, sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    await days.a_blocker("B-2", text, by="Ben")
    night = await days.a_huddle(await days.a_team(text, members=("Ben",), lead="Ben"), time(18))
    await days.opens_with(night, text)
    async with days.changing() as tx:
        (await days.person(tx, "Ben")).name = text
    card = await days.today("ben")
    assert row_of(card, text).button is not None
    assert row_of(card, f"Huddle · {text}").detail == "Today at 18:00"
    assert f"{text}: no number for yesterday." in words_of(card)
