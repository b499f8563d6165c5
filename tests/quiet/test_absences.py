"""Days away: noted in many ways, joined where they touch, listed and taken back, and never guessed from a status."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from bot.chat.dates import Period
from bot.huddles import absence_rules
from bot.listening import Listener
from bot.people import there
from bot.people.rules import WEEKDAYS, Why, off
from bot.ports import Profile, Status
from bot.quiet import rules
from bot.routes import ROUTES
from storage.huddles import Expectation, HuddleRun
from storage.people import Absence, Person
from storage.tx import SYSTEM
from tests.support.reading import labels_of, words_of
from tests.support.workshop import Workshop

MONDAY = date(2026, 11, 23)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def _days(shop: Workshop, name: str) -> list[tuple[date, date | None]]:
    person = await shop.person(name)
    async with shop.house.database.read(SYSTEM) as tx:
        every = await tx.all(select(Absence).where(Absence.person_id == person.id).order_by(Absence.from_on))  # type: ignore[arg-type]  # SQLModel's columns
    return [(each.from_on, each.to_on) for each in every if each.to_on is None or each.from_on <= each.to_on]


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (["away 30 Nov to 2 Dec", "away 2 Dec to 4 Dec"], [(date(2026, 11, 30), date(2026, 12, 4))]),
        (["away 30 Nov to 2 Dec", "away 3 Dec"], [(date(2026, 11, 30), date(2026, 12, 3))]),
        (["away 30 Nov to 4 Dec", "away 1 Dec"], [(date(2026, 11, 30), date(2026, 12, 4))]),
        (
            ["away 30 Nov", "away 2 Dec"],
            [(date(2026, 11, 30), date(2026, 11, 30)), (date(2026, 12, 2), date(2026, 12, 2))],
        ),
        (["away 30 Nov", "away 2 Dec", "away 1 Dec"], [(date(2026, 11, 30), date(2026, 12, 2))]),
        (["away indefinitely", "away until fri"], [(date(2026, 11, 24), date(2026, 11, 27))]),
        (["away until fri", "away indefinitely"], [(date(2026, 11, 24), None)]),
    ],
)
async def test_absences_that_touch_become_one(
    shop: Workshop, lines: list[str], kept: list[tuple[date, date | None]]
) -> None:
    for line in lines:
        await shop.says("amy", line)
    assert await _days(shop, "Amy") == kept


async def test_undo_takes_joined_absences_apart_again(shop: Workshop) -> None:
    await shop.says("amy", "away 30 Nov")
    await shop.says("amy", "away 2 Dec")
    answer = await shop.ask("amy", "away 1 Dec")
    await shop.press("amy", "Undo", on=answer.content)  # type: ignore[arg-type]  # a card
    assert len(await _days(shop, "Amy")) == 2


async def test_counted_days_are_working_days_and_named(shop: Workshop) -> None:
    await shop.says("amy", "/settings days mon,tue,wed,fri")
    said = await shop.says("amy", "ooo 3")
    assert "from Tue 24 Nov 2026 to Fri 27 Nov 2026" in said
    assert "That is Tue 24 Nov, Wed 25 Nov and Fri 27 Nov." in said


async def test_the_whole_verb_lists_what_is_noted_and_takes_it_back(shop: Workshop) -> None:
    assert "No days away are noted" in await shop.says("amy", "/huddle away")
    await shop.says("amy", "away 30 Nov")
    await shop.says("amy", "away 21 Dec to 1 Jan")
    answer = await shop.ask("amy", "/huddle away")
    assert labels_of(answer.content) == ["Take back", "Take back", "Add days"]  # type: ignore[arg-type]  # a card
    said = await shop.presses("amy", "Take back", on=answer.content)  # type: ignore[arg-type]  # as above
    assert "no longer away on Mon 30 Nov 2026" in said
    assert await _days(shop, "Amy") == [(date(2026, 12, 21), date(2027, 1, 1))]
    assert "taken back before" in await shop.presses("amy", "Take back", on=answer.content)  # type: ignore[arg-type]  # as above


async def test_the_form_notes_days_with_a_note_that_only_its_writer_sees(shop: Workshop) -> None:
    answer = await shop.ask("amy", "/huddle away")
    form = await shop.opens("amy", "Add days", on=answer.content)  # type: ignore[arg-type]  # a card
    wrong = await shop.comes_back("amy", form, {"first": "2026-12-03", "last": "2026-12-01"})
    assert wrong.errors.keys() == {"last"}
    saved = await shop.fills("amy", form, {"first": "2026-12-01", "last": "2026-12-03", "note": "knee surgery"})
    assert "knee" not in words_of(saved.content)  # type: ignore[arg-type]  # a card
    assert "knee surgery" in await shop.says("amy", "/huddle away")
    assert "knee" not in await shop.says("dana", "/huddle away 2 Dec @Amy")


def test_an_end_takes_the_place_of_none_and_a_later_open_one_stays_open() -> None:
    open_ended, said = Period(date(2026, 12, 1), None), Period(date(2026, 11, 30), date(2026, 11, 30))
    assert absence_rules.joined([open_ended], said) == Period(date(2026, 11, 30), None)
    assert absence_rules.joined([Period(MONDAY, None)], said) == Period(MONDAY, date(2026, 11, 30))


@pytest.mark.parametrize(
    ("text", "emoji", "is_away"),
    [
        ("On holiday", "", True),
        ("Vacationing", "palm_tree", True),
        ("", ":palm_tree:", True),
        ("Out of office until Friday", "", True),
        ("Off sick", "face_with_thermometer", True),
        ("In a meeting", "calendar", False),
        ("Back from holiday", "", False),
        ("", "", False),
        ("Planning the holiday rota", "", False),
    ],
)
def test_a_status_only_suggests_days_away(text: str, emoji: str, is_away: bool) -> None:
    assert rules.sounds_away(Status(text, emoji)) is is_away


async def _set_status(shop: Workshop, status: Status) -> None:
    listener = Listener(shop.house.database, ROUTES, shop.house.clock)
    await listener.learn("local", "local", Profile("amy", "Amy", "Europe/London", status=status))
    await shop.until(shop.house.clock.now())
    await shop.until(at(24, 12, 1))


HOLIDAY = Status("On holiday", "palm_tree", at(27, 23, 59))


async def test_a_status_is_asked_about_once_and_nothing_is_noted_before_a_yes(shop: Workshop) -> None:
    await _set_status(shop, HOLIDAY)
    await _set_status(shop, HOLIDAY)
    questions = [post for post in shop.posts("amy") if "Your status says" in post.words]
    assert [post.words.splitlines()[1] for post in questions] == [
        "Your status says you are away until Fri 27 Nov 2026. Shall I note it? Until you say so, nothing is noted."
    ]
    assert await _days(shop, "Amy") == []
    said = await shop.presses("amy", "Away until Fri 27 Nov")
    assert "away from Tue 24 Nov 2026 to Fri 27 Nov 2026" in said
    assert await _days(shop, "Amy") == [(date(2026, 11, 24), date(2026, 11, 27))]
    assert "Noted: you're away until Fri 27 Nov 2026" in questions[0].words or "Noted" in shop.last("amy")


async def test_a_no_is_kept_until_the_status_is_another_one(shop: Workshop) -> None:
    await _set_status(shop, HOLIDAY)
    await shop.press("amy", "No")
    await _set_status(shop, HOLIDAY)
    assert await _days(shop, "Amy") == []
    assert len([post for post in shop.posts("amy") if "Are you away" in post.words]) == 1
    await _set_status(shop, Status())
    await _set_status(shop, HOLIDAY)
    assert len([post for post in shop.posts("amy") if "Are you away" in post.words]) == 2


async def test_who_has_said_so_already_is_not_asked(shop: Workshop) -> None:
    await shop.says("amy", "away until fri")
    await _set_status(shop, HOLIDAY)
    assert not any("Your status says" in post.words for post in shop.posts("amy"))


spans = st.tuples(st.integers(0, 12), st.integers(0, 4) | st.none())


@given(spans=st.lists(spans, max_size=4), days=st.sets(st.integers(0, 6)), on=st.integers(0, 14))
def test_one_answer_for_a_day_is_what_a_slow_reading_of_the_rules_says(
    spans: list[tuple[int, int | None]], days: set[int], on: int
) -> None:
    day = MONDAY + timedelta(days=on)
    working = ",".join(WEEKDAYS[n] for n in sorted(days))
    person = Person(id=1, name="Amy", zone="Europe/London", working_days=working)
    absences = [
        Absence(
            person_id=1,
            from_on=MONDAY + timedelta(days=first),
            to_on=None if length is None else MONDAY + timedelta(days=first + length),
        )
        for first, length in spans
    ]
    is_away = any(on >= first and (length is None or on <= first + length) for first, length in spans)
    found = off(person, absences, ("GB-ENG",), day)
    expected = Why.AWAY if is_away else None if day.weekday() in days else Why.DAY_OFF
    assert (found and found.why) == expected


async def test_the_whole_teams_expectations_are_what_the_one_function_says(shop: Workshop) -> None:
    await shop.says("amy", "away tomorrow")
    await shop.says("ben", "/settings days mon,tue,thu,fri")
    await shop.says("cem", "/settings holidays SR")  # 25 November is Suriname's Independence Day
    await shop.says("dee", "away indefinitely")
    await shop.says("dee", "/settings days mon")
    await shop.until(at(25, 9, 16))
    run = await shop.row(HuddleRun, local_date=date(2026, 11, 25))
    async with shop.house.database.read(1) as tx:
        for expectation in await tx.all(select(Expectation).where(Expectation.run_id == run.id)):
            person = await tx.need(Person, expectation.person_id)
            is_off = await there.off(tx, person, run.local_date, calendar="GB-ENG")
            expected = "expected" if is_off is None else "absent" if is_off.why is Why.AWAY else "holiday"
            assert (person.name, expectation.status) == (person.name, expected)
