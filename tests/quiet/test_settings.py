"""What somebody sets for themselves and a lead for a team: working days, holidays, quiet, reminders, a deputy."""

from datetime import UTC, date, datetime, time

import pytest

from storage.huddles import Expectation, HuddleRun
from storage.teams import Team
from tests.support.reading import words_of
from tests.support.workshop import Workshop


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "says", "kept"),
    [
        ("/settings days mon-wed,fri", "You work Mon to Wed and Fri", {"working_days": "mon,tue,wed,fri"}),
        ("/settings holidays GB-SCT", "those of GB-SCT", {"calendar": "GB-SCT"}),
        ("/settings holidays gb scotland", "those of GB-SCT", {"calendar": "GB-SCT"}),
        ("/settings quiet 18:00 to 08:00", "18:00 to 08:00", {"quiet_from": time(18), "quiet_to": time(8)}),
        ("/settings quiet off", "no quiet hours now", {"quiet_from": time(7, 30), "quiet_to": time(7, 30)}),
        ("/settings messages 4", "At most 4 messages a day", {"messages_a_day": 4}),
        ("/settings reminders off", "I stop reminding you", {"reminders": False}),
    ],
)
async def test_a_setting_is_kept_said_and_undone(shop: Workshop, line: str, says: str, kept: dict[str, object]) -> None:
    before = await shop.person("Amy")
    answer = await shop.ask("amy", line)
    assert says in words_of(answer.content)  # type: ignore[arg-type]  # a card
    amy = await shop.person("Amy")
    assert {name: getattr(amy, name) for name in kept} == kept
    await shop.press("amy", "Undo", on=answer.content)  # type: ignore[arg-type]  # as above
    undone = await shop.person("Amy")
    assert {name: getattr(undone, name) for name in kept} == {name: getattr(before, name) for name in kept}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/settings days someday", "I can't read 'someday' as days"),
        ("/settings holidays GB-SCO", "Did you mean GB-SCT, GB-ENG"),
        ("/settings holidays Atlantis", "Write for example GB-ENG, GB-SCT"),
        ("/settings holidays", "Name a country or a part of one"),
        ("/settings quiet late", "I can't read 'late' as hours"),
        ("/settings messages many", "I can't take 'many'"),
        ("/settings reminders maybe", "'maybe' is neither on nor off"),
        ("/settings days mon-fri @Ben", "Only Ben or the lead of their team"),
        ("/team holidays GB-SCT", "Only"),
    ],
)
async def test_what_cannot_be_read_or_is_not_theirs_is_refused_with_the_way_out(
    shop: Workshop, line: str, says: str
) -> None:
    before = await shop.person("Amy")
    assert says in await shop.says("amy", line)
    assert await shop.person("Amy") == before


async def test_everything_stands_on_one_card_and_can_be_changed_in_one_form(shop: Workshop) -> None:
    assert "Quiet hours: 18:30 to 07:30 (as for everybody)" in await shop.says("amy", "/settings")
    answer = await shop.ask("amy", "/settings")
    form = await shop.opens("amy", "Change", on=answer.content)  # type: ignore[arg-type]  # a card
    wrong = await shop.comes_back("amy", form, {"days": "", "holidays": "GB-XX", "quiet_to": "", "messages": "99"})
    assert wrong.errors.keys() == {"days", "holidays", "quiet_to", "messages"}
    typed = {"days": "mon,tue", "holidays": "gb-sct", "zone": "Europe/Paris", "messages": "3", "reminders": "off"}
    saved = await shop.fills("amy", form, typed)
    assert "Your settings are noted" in words_of(saved.content)  # type: ignore[arg-type]  # a card
    amy = await shop.person("Amy")
    assert (amy.working_days, amy.calendar, amy.zone) == ("mon,tue", "GB-SCT", "Europe/Paris")
    assert (amy.messages_a_day, amy.reminders) == (3, False)
    assert (amy.quiet_from, amy.quiet_to) == (None, None)  # left as for everybody


async def test_a_lead_sets_the_days_of_their_people(shop: Workshop) -> None:
    assert "Ben works Mon and Tue" in await shop.says("dana", "/settings days mon,tue @Ben")
    assert (await shop.person("Ben")).working_days == "mon,tue"
    assert (await shop.person("Dana")).working_days == "mon,tue,wed,thu,fri"


async def _status(shop: Workshop, name: str) -> Expectation.Status:
    run = await shop.row(HuddleRun, local_date=date(2026, 11, 25))
    return (await shop.row(Expectation, run_id=run.id, person_id=(await shop.person(name)).id)).status


async def test_a_changed_working_day_takes_effect_on_the_open_huddle_and_back(shop: Workshop) -> None:
    await shop.until(at(25, 9, 16))  # a Wednesday
    answer = await shop.ask("amy", "/settings days mon,tue,thu,fri")
    assert await _status(shop, "Amy") is Expectation.Status.HOLIDAY
    await shop.press("amy", "Undo", on=answer.content)  # type: ignore[arg-type]  # a card
    assert await _status(shop, "Amy") is Expectation.Status.EXPECTED


async def test_a_teams_holidays_take_effect_on_the_open_huddle(shop: Workshop) -> None:
    await shop.says("dana", '/huddle setup "Field Dispatch" at:09:15')
    await shop.says("amy", "/settings holidays GB-ENG")
    await shop.until(at(25, 9, 16))
    await shop.says("ivo", '/team holidays SR "Field Dispatch"')  # 25 November is Suriname's Independence Day
    assert await _status(shop, "Ben") is Expectation.Status.HOLIDAY
    assert await _status(shop, "Amy") is Expectation.Status.EXPECTED
    assert (await shop.row(Team, name="Field Dispatch")).calendar == "SR"


async def test_a_lead_names_a_deputy_and_undoes_it(shop: Workshop) -> None:
    answer = await shop.ask("dana", "/team deputy @Ben")
    assert "Ben gets what I ask a lead" in words_of(answer.content)  # type: ignore[arg-type]  # a card
    assert (await shop.row(Team, name="Field Dispatch")).deputy_id == (await shop.person("Ben")).id
    await shop.press("dana", "Undo", on=answer.content)  # type: ignore[arg-type]  # as above
    assert (await shop.row(Team, name="Field Dispatch")).deputy_id is None
    assert "leads Field Dispatch" in await shop.says("dana", "/team deputy @Dana")


async def test_the_deputy_hears_what_the_lead_would_while_the_lead_is_away(shop: Workshop) -> None:
    await shop.says("dana", "/team deputy @Amy")
    await shop.says("ben", '/action add "Check eight calls" @Ben due:tomorrow')
    await shop.says("dana", "away 30 Nov")
    await shop.until(at(30, 9, 6))
    told = {
        who: [post for post in shop.posts(who) if "overdue" in post.words and "team" in post.words]
        for who in ("dana", "amy", "raj")
    }
    assert {who: len(posts) for who, posts in told.items()} == {"dana": 0, "amy": 1, "raj": 0}


async def test_without_a_deputy_the_head_of_the_department_hears_it(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Check eight calls" @Ben due:tomorrow')
    await shop.says("dana", "away 30 Nov")
    await shop.until(at(30, 9, 6))
    assert [who for who in ("dana", "raj") if any("in your team" in post.words for post in shop.posts(who))] == ["raj"]


async def test_stopped_reminders_do_not_come(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Check eight calls" @Ben due:tomorrow')
    await shop.says("ben", "/settings reminders off")
    before = len(shop.posts("ben"))
    await shop.until(at(25, 15, 1))
    assert not any("due today" in post.words and "1 action" in post.words for post in shop.posts("ben")[before:])
