"""A huddle is set up and changed in the chat: by a line, by a form, and what is said of it."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.dispatch import Dispatcher
from bot.huddles import setup_rules
from bot.ports import Press, Submission
from bot.routes import ROUTES
from storage.cadences import Cadence
from storage.huddles import Huddle, HuddleRun, answers
from storage.organisations import Organisation
from storage.teams import Team
from storage.tx import SYSTEM
from tests.support.reading import button_of, labels_of, words_of
from tests.support.workshop import Workshop


def at(hour: int, minute: int = 0, *, day: int = 24, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def the_huddle(shop: Workshop, name: str = "Field Dispatch") -> Huddle:
    return await shop.row(Huddle, name=name)


async def change_form(shop: Workshop) -> Form:
    return await shop.form("dana", "/huddle setup")


async def test_one_line_says_everything(shop: Workshop) -> None:
    said = await shop.says(
        "dana",
        '/huddle setup "Evening" days:mon,thu at:16:30 mins:20 mode:local target:90% every:2 from:2026-12-07 '
        'until:2027-03-31 measure:FTF first:"What was good? (free, required)" '
        'second:"What is next? (focus)" third:none fourth:none',
    )
    assert "Huddle · Evening" in said
    assert "every 2 weeks, from Mon 7 Dec 2026, until Wed 31 Mar 2027" in said
    assert "What was good? (free, required)" in said
    assert "Mon 7 Dec 2026, 16:30" in said
    assert "Thu 10 Dec 2026, 16:30" in said
    assert "Mon 21 Dec 2026, 16:30" in said
    huddle = await the_huddle(shop, "Evening")
    assert (huddle.target_percent, huddle.every_weeks, huddle.mode) == (90, 2, Huddle.Mode.LOCAL)
    assert [(each["kind"], each["required"]) for each in huddle.questions] == [("free", True), ("focus", False)]
    assert (huddle.from_on, huddle.until_on) == (date(2026, 12, 7), date(2027, 3, 31))


async def test_a_team_has_several_huddles_and_each_is_changed_by_its_name(shop: Workshop) -> None:
    await shop.says("dana", '/huddle setup "Evening" at:16:30')
    changed = await shop.says("dana", '/huddle setup "Evening" at:17:00')
    assert "16:30" in changed
    assert "Field Dispatch" in await shop.says("dana", '/huddle pause "Elevenses"')
    assert "Which huddle?" in await shop.says("dana", "/huddle pause")
    async with shop.house.database.read(SYSTEM) as tx:
        times = await tx.all(select(col(Huddle.at_time)).order_by(col(Huddle.id)))
    assert [f"{each:%H:%M}" for each in times] == ["09:15", "17:00"]


@pytest.mark.req("S4-12")
async def test_a_fifth_question_is_refused_and_what_was_typed_stays(shop: Workshop) -> None:
    refused = await shop.form("dana", '/huddle setup "Field Dispatch" fifth:"Anything else?"')
    assert "asks 4 at most" in refused.errors["questions"]
    form = await change_form(shop)
    five = setup_rules.questions_text((await the_huddle(shop)).questions) + "\nAnything else?"
    again = await shop.comes_back("dana", form, {"questions": five})
    assert "These are 5 questions" in again.errors["questions"]
    assert next(each for each in again.inputs if each.id == "questions").value == five
    assert len((await the_huddle(shop)).questions) == 4


async def test_a_change_says_what_is_new_and_undo_takes_it_back(shop: Workshop) -> None:
    form = await change_form(shop)
    answer = await shop.fills("dana", form, {"at": "09:30", "target": "75"})
    assert isinstance(answer.content, Card)
    words = words_of(answer.content)
    assert "What is new" in words
    assert "Monday to Friday at 09:15, London, everybody at once → Monday to Friday at 09:30" in words
    assert "80% on time → 75% on time" in words
    assert "Tue 24 Nov 2026, 09:30" in words
    undo = button_of(answer.content, "Undo")
    await shop.ask("dana", Press(undo.verb, undo.ids))
    assert f"{(await the_huddle(shop)).at_time:%H:%M}" == "09:15"


async def test_a_form_that_somebody_else_was_faster_with_comes_back_once(shop: Workshop) -> None:
    form = await change_form(shop)
    await shop.says("ivo", '/huddle setup "Field Dispatch" team:"Field Dispatch" mins:20')
    back = await shop.comes_back("dana", form, {"target": "70"})
    assert "changed while this form was open" in back.errors["name"]
    assert (await the_huddle(shop)).target_percent == 80
    await shop.fills("dana", back, {})
    assert (await the_huddle(shop)).target_percent == 70


async def test_holidays_are_left_out_of_the_preview_and_named(shop: Workshop) -> None:
    said = await shop.says("dana", '/huddle setup "Field Dispatch" from:2026-12-24')
    assert "Thu 24 Dec 2026, 09:15" in said
    assert "Tue 29 Dec 2026, 09:15" in said
    assert "Left out: Fri 25 Dec 2026 (Christmas Day); Mon 28 Dec 2026 (Boxing Day" in said


async def test_a_window_that_the_platform_can_not_fill_is_refused_with_the_arithmetic(shop: Workshop) -> None:
    slow = Dispatcher(shop.house.database, ROUTES, shop.house.clock, rates={"local": 0.02})
    form = await change_form(shop)
    values = {each.id: each.value for each in form.inputs} | {"mins": "4"}
    answer = await shop.hand_in("dana", Submission(form.verb, values, form.ids), dispatcher=slow)
    assert answer is not None
    assert isinstance(answer.content, Form)
    assert "6 people ÷ 0.02 are 5 minutes, and the window has 4" in answer.content.errors["mins"]
    assert "the team's channel" in answer.content.errors["mins"]
    in_the_channel = Submission(form.verb, values | {"asks": "room"}, form.ids)
    taken = await shop.hand_in("dana", in_the_channel, dispatcher=slow)
    assert taken is not None
    assert isinstance(taken.content, Card)
    assert "once, in the team's channel" in words_of(taken.content)


async def test_a_huddle_in_the_channel_writes_to_nobody_alone_and_counts_the_same(shop: Workshop) -> None:
    await shop.says("dana", '/huddle setup "Field Dispatch" in:channel')
    await shop.until(at(9, 15))
    assert shop.house.asked == []
    header = next(post for post in shop.house.chat.posts.values() if "Huddle is open until" in post.words)
    assert "What is the one thing you must get done today?" in header.words
    press = button_of(header.card, "Add or change my answer")
    form = await shop.ask("amy", Press(press.verb, press.ids), room="field-dispatch")
    assert isinstance(form.content, Form)
    filled = {each.id: each.value for each in form.content.inputs} | {"focus": "Harbour Road"}
    await shop.hand_in("amy", Submission(form.content.verb, filled, form.content.ids))
    assert "Noted at 09:15" in await shop.says("ben", "Mill Lane")
    await shop.until(at(9, 31))
    assert [post for post in shop.house.chat.posts.values() if "Five minutes left" in post.words] == []
    run = await shop.row(HuddleRun, local_date=date(2026, 11, 24))
    assert (run.state, run.expected, run.on_time) == (HuddleRun.State.CLOSED, 5, 2)
    assert any("2 of 5 answered by 09:30" in words for words in shop.house.room)


async def test_a_team_without_a_channel_can_not_be_asked_in_it(shop: Workshop) -> None:
    async with shop.house.database.write(SYSTEM) as tx:
        tx.acts_for(by=None, event_id=None, now=at(12, day=23))
        (await tx.need(Team, (await the_huddle(shop)).team_id)).place_id = None
    refused = await shop.form("dana", '/huddle setup "Field Dispatch" in:channel')
    assert "no channel yet" in refused.errors["asks"]


async def test_every_other_week_stays_in_its_weeks_when_the_time_is_changed(shop: Workshop) -> None:
    await shop.says("dana", '/huddle setup "Field Dispatch" every:2')
    assert (await the_huddle(shop)).anchor_on == date(2026, 11, 24)
    await shop.until(at(8, day=2, month=12))
    said = await shop.says("dana", '/huddle setup "Field Dispatch" at:10:00')
    assert "Mon 7 Dec 2026, 10:00" in said
    await shop.until(at(12, day=8, month=12))
    held = [run.local_date for run in await shop.house.runs()]
    assert held == [date(2026, 11, day) for day in (24, 25, 26, 27)] + [date(2026, 12, 7), date(2026, 12, 8)]
    cadence = await shop.row(Cadence, kind="huddle.open")
    assert "INTERVAL=2" in cadence.rule


async def test_it_begins_on_its_first_day_and_ends_after_its_last(shop: Workshop) -> None:
    await shop.says("dana", '/huddle setup "Field Dispatch" from:2026-11-26 until:2026-11-27')
    await shop.until(at(12, day=1, month=12))
    assert [run.local_date.day for run in await shop.house.runs()] == [26, 27]
    assert "Its last day was Fri 27 Nov 2026" in await shop.says("amy", "/huddle")


@pytest.mark.parametrize(
    ("typed", "name", "words"),
    [
        ("target:101", "target", "percentage from 1 to 100"),
        ("every:20", "every", "from 1 to 13"),
        ("from:2026-12-10 until:2026-12-09", "until", "before the first one"),
        ("until:2026-11-20", "until", "That day is over"),
        ("in:lobby", "asks", "direct messages or the channel"),
        ('first:"One? (blocker)" second:"Two? (blocker)"', "questions", "one blocker question at most"),
    ],
)
async def test_what_can_not_be_is_refused_at_its_input(shop: Workshop, typed: str, name: str, words: str) -> None:
    refused = await shop.form("dana", f'/huddle setup "Field Dispatch" {typed}')
    assert words in refused.errors[name]


async def test_questions_changed_while_a_huddle_is_open_hold_from_the_next_one(shop: Workshop) -> None:
    await shop.until(at(9, 16))
    await shop.says("amy", "Valve checks\nHarbour Road\nno\nShe waited in twice")
    said = await shop.says(
        "dana", '/huddle setup "Field Dispatch" first:"What did you learn? (free)" third:none fourth:none'
    )
    assert "The huddle of Tue 24 Nov is under way and goes on as it began" in said
    form = await shop.opens("ben", "Answer")
    assert [each.id for each in form.inputs if each.id in {"finished", "focus", "customer"}] == [
        "finished",
        "focus",
        "customer",
    ]
    await shop.until(at(9, 31))
    assert any("Valve checks" in words for words in shop.house.room)
    await shop.until(at(9, 15, day=25))
    tomorrow = await shop.opens("ben", "Answer")
    assert [each.label for each in tomorrow.inputs] == [
        "What did you learn?",
        "What is the one thing you must get done today?",
    ]
    amys = await shop.opens("amy", "Same as yesterday's plan")
    assert next(each for each in amys.inputs if each.id == "focus").value == "Harbour Road"
    assert "She waited in twice" in await shop.says("amy", "/huddle summary 24 Nov")


async def test_a_huddle_of_two_free_questions_takes_two_lines_and_shows_both(shop: Workshop) -> None:
    await shop.says(
        "dana",
        '/huddle setup "Field Dispatch" first:"What was good? (free, required)" '
        'second:"What was not? (free)" third:none fourth:none',
    )
    await shop.until(at(9, 16))
    await shop.says("amy", "The rain stopped\nVan 12 did not start")
    await shop.says("ben", "Everybody came")
    await shop.until(at(9, 31))
    summary = next(words for words in shop.house.room if "2 of 5 answered" in words)
    assert "What was good?" in summary
    assert "Amy  The rain stopped" in summary
    assert "Ben  Everybody came" in summary
    assert "Amy  Van 12 did not start" in summary
    async with shop.house.database.read(SYSTEM) as tx:
        run = await tx.first(select(HuddleRun).where(HuddleRun.local_date == date(2026, 11, 24)))
        assert run is not None
        assert [each.blocker_id for each in await answers(tx, run)] == [None, None]


async def test_only_who_leads_the_team_changes_its_huddle(shop: Workshop) -> None:
    card = (await shop.ask("dana", '/huddle setup "Field Dispatch" mins:20')).content
    assert isinstance(card, Card)
    assert labels_of(card)[:2] == ["Change", "Who takes part"]
    press = button_of(card, "Change")
    assert "Only" in await shop.says("amy", '/huddle setup "Field Dispatch" mins:30')
    refused = await shop.ask("amy", Press(press.verb, press.ids))
    assert isinstance(refused.content, Card)
    assert (await the_huddle(shop)).window_min == 20


async def test_an_administrator_switches_streaks_off_and_on_for_everybody(shop: Workshop) -> None:
    assert "administrator" in await shop.says("amy", "/huddle streaks off")
    assert "No summary tells of streaks any more" in await shop.says("ivo", "/huddle streaks off")
    await shop.until(at(9, 16))
    for who in ("amy", "ben", "cem", "dee"):
        await shop.says(who, "Mill Lane")
    await shop.until(at(9, 31))
    assert not any("in a row on target" in words for words in shop.house.room)
    async with shop.house.database.read(SYSTEM) as tx:
        organisation = (await tx.session.scalars(select(Organisation))).one()
        assert organisation.gamification is False
    await shop.says("ivo", "/huddle streaks on")
    assert any("huddles in a row on target" in words for words in [await shop.says("amy", "/huddle summary")])
