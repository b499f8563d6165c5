"""The work itself: begun, held up, done, checked by a second person, opened again, and what comes again."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from bot.chat.cards import Card
from bot.ports import Press
from storage.actions import Action
from storage.audit import AuditEvent
from storage.blockers import Blocker
from storage.links import Link, Thing
from storage.tx import SYSTEM
from tests.support.workshop import Workshop

State = Action.State
LINE = '/action add "Fault questions on the screen" @Ben due:fri dod:"Live on 40 desks and 20 calls checked"'


@pytest.mark.req("S3-20")
async def test_what_says_when_it_is_done_is_done_when_a_second_person_accepts_it(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await shop.says("dana", LINE)
    await shop.presses("ben", "Accept")
    form = await shop.opens("ben", "Done", shop.newest("ben", "New date"))
    back = await shop.comes_back("ben", form, {})
    assert back.errors == {"evidence": "Please write a few words here."}
    await shop.fills("ben", form, {"evidence": "Live on 40 desks, 12 calls checked"})
    assert (await shop.row(Action, code="A-1")).state is State.DONE_CLAIMED
    assert "Ben says this is done" in shop.last("dana")
    not_yet = await shop.opens("dana", "Not yet")
    await shop.fills("dana", not_yet, {"why": "8 calls to go"})
    action = await shop.row(Action, code="A-1")
    assert (action.state, action.finished_on) == (State.IN_PROGRESS, None)
    assert "Not yet, says Dana" in shop.last("ben")
    assert "“8 calls to go”" in shop.last("ben")
    await shop.says("ben", "done A-1 all 20 calls checked")
    await shop.presses("dana", "Accept")
    action = await shop.row(Action, code="A-1")
    assert (action.state, action.finished_on) == (State.DONE, date(2026, 11, 24))
    assert action.accepted_by == (await shop.person("Dana")).id
    assert "Dana accepted A-1 as done" in shop.last("ben")


async def test_nobody_accepts_their_own_work(shop: Workshop) -> None:
    await shop.says("ben", LINE)
    await shop.says("ben", "done A-1 all of it")
    assert "Only somebody else than its owner" in await shop.says("ben", "/action accept A-1")
    assert (await shop.row(Action, code="A-1")).state is State.DONE_CLAIMED


async def test_a_lead_who_asked_themselves_is_checked_by_an_administrator(shop: Workshop) -> None:
    await shop.says("dana", LINE.replace("@Ben", "@Dana"))
    assert "Ivo is asked to check it" in await shop.says("dana", "done A-1 all of it")
    await shop.presses("ivo", "Accept")
    assert (await shop.row(Action, code="A-1")).state is State.DONE


async def test_what_nobody_checks_is_done_with_one_line(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Book desks" @Ben due:fri')
    assert "A-1 is done: Book desks. Thank you." in await shop.says("ben", "done A-1")
    assert "A-1 is done, so it can't be done. You can: reopen." in await shop.says("ben", "done A-1")


async def test_done_for_today_is_an_answer_and_no_command(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Book desks" @Ben due:fri')
    await shop.hand_in("ben", "done for today A-1 included")
    assert (await shop.row(Action, code="A-1")).state is State.OPEN


async def test_what_is_in_the_way_becomes_a_blocker_that_is_linked_to_it(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Book desks" @Ben due:fri')
    assert "waiting for the room plan" in await shop.says("ben", "blocked A-1 waiting for the room plan")
    action = await shop.row(Action, code="A-1")
    blocker = await shop.row(Blocker, text="waiting for the room plan")
    link = await shop.row(Link, kind=Link.Kind.BLOCKS)
    assert (link.from_kind, link.from_id, link.to_kind, link.to_id) == (
        Thing.BLOCKER,
        blocker.id,
        Thing.ACTION,
        action.id,
    )
    assert action.blocker_id == blocker.id
    await shop.says("ben", "/action start A-1")
    assert (await shop.row(Action, code="A-1")).blocker_id is None


async def test_a_known_blocker_holds_it_up_without_a_second_one(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Book desks" @Ben due:fri')
    await shop.says("ben", '/action add "Print badges" @Ben due:fri')
    await shop.says("ben", "blocked A-1 waiting for the room plan")
    code = (await shop.row(Blocker, text="waiting for the room plan")).code
    await shop.says("ben", f"/action block A-2 {code}")
    first, second = await shop.row(Action, code="A-1"), await shop.row(Action, code="A-2")
    assert first.blocker_id == second.blocker_id


async def test_a_done_action_is_opened_again_with_a_reason_within_thirty_days(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Book desks" @Ben due:fri')
    await shop.says("ben", "done A-1")
    assert "Please add why" in await shop.says("dana", "/action reopen A-1")
    await shop.says("dana", "/action reopen A-1 two desks are missing")
    assert (await shop.row(Action, code="A-1")).state is State.IN_PROGRESS
    await shop.says("ben", "done A-1")
    shop.house.clock.move_to(shop.house.clock.now() + timedelta(days=31))
    assert "more than 30 days ago" in await shop.says("dana", "/action reopen A-1 two desks are missing")


async def test_what_comes_again_comes_once_with_its_own_code_and_promise(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Read the fault notes" @Ben due:fri every:week')
    await shop.says("ben", "done A-1")
    again = await shop.row(Action, code="A-2")
    assert (again.state, again.due_on, again.first_due_on) == (State.OPEN, date(2026, 12, 4), date(2026, 12, 4))
    assert (await shop.row(Link, kind=Link.Kind.REPEATS)).to_id == again.id
    await shop.says("dana", "/action reopen A-1 one was missing")
    await shop.says("ben", "done A-1")
    async with shop.house.database.read(SYSTEM) as tx:
        assert len(await tx.all(select(Action))) == 2


async def test_the_31st_stays_the_end_of_its_month(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Close the month" @Ben due:2026-12-31 every:month')
    shop.house.clock.move_to(shop.house.clock.now() + timedelta(days=60))
    await shop.says("ben", "done A-1")
    assert (await shop.row(Action, code="A-2")).due_on == date(2027, 1, 31)


@pytest.mark.req("S2-36")
async def test_a_department_is_asked_for_help_and_who_presses_first_has_it(shop: Workshop) -> None:
    await shop.says("amy", '/action ask "Who keeps the fault codes?" dept:Billing')
    assert "Amy asks Billing for help" in shop.last("bea")
    await shop.presses("bea", "I can help")
    action = await shop.row(Action, code="A-1")
    assert (action.state, action.due_on) == (State.OPEN, date(2026, 12, 1))
    assert "Bea has A-1 already" in await shop.press_on("cem", "action.take", "A-1")


async def test_who_can_not_help_names_somebody_who_is_asked(shop: Workshop) -> None:
    await shop.says("amy", '/action ask "Who keeps the fault codes?" dept:Billing')
    form = await shop.opens("bea", "I know someone")
    await shop.fills("bea", form, {"owner": str((await shop.person("Ann")).id)})
    assert "Amy asks you to take this on" in shop.last("ann")
    await shop.presses("ann", "Accept")
    assert (await shop.row(Action, code="A-1")).owner_id == (await shop.person("Ann")).id


async def test_a_departments_room_is_asked_where_it_has_one(shop: Workshop) -> None:
    await shop.says("bea", '/action ask "Is the valve at Oakley open?" dept:Field')
    asked = [post for post in shop.house.chat.posts.values() if post.to.conversation == "field-dispatch"]
    assert "Bea asks Field for help" in asked[-1].words


@pytest.mark.req("INV-20")
async def test_two_people_change_it_at_once_and_one_wins_and_the_other_reads_the_new_version(
    shop_on_both: Workshop,
) -> None:
    shop = shop_on_both
    await shop.says("ben", '/action add "Book desks" @Ben due:fri')
    first, second = await asyncio.gather(
        shop.hand_in("ben", '/action due A-1 2026-12-01 reason:"waiting for parts"'),
        shop.hand_in("dana", '/action due A-1 2026-12-08 reason:"after the audit"', dispatcher=shop.house.dispatcher),
    )
    said = [answer.content.summary for answer in (first, second) if answer and isinstance(answer.content, Card)]
    assert sum("changed A-1 a moment ago" in each for each in said) == 1, said
    action = await shop.row(Action, code="A-1")
    assert action.redated == 1
    assert action.due_on is not None
    assert f"due {action.due_on:%a} {action.due_on.day}" in next(each for each in said if "a moment ago" in each)


async def test_a_form_that_was_open_while_somebody_else_changed_it_comes_back_with_what_was_typed(
    shop: Workshop,
) -> None:
    await shop.says("dana", '/action add "Book desks" @Ben due:fri')
    await shop.presses("ben", "Accept")
    form = await shop.opens("ben", "New date")
    await shop.says("dana", '/action due A-1 2026-12-08 reason:"after the audit"')
    back = await shop.comes_back("ben", form, {"due": "2026-12-01", "why": "waiting for parts"})
    assert "Dana changed it a moment ago" in back.errors["due"]
    assert {each.id: each.value for each in back.inputs}["why"] == "waiting for parts"
    await shop.fills("ben", back, {})
    assert (await shop.row(Action, code="A-1")).due_on == date(2026, 12, 1)


async def test_undo_takes_it_back_and_the_trail_says_so(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Book desks" @Ben due:fri')
    answer = await shop.ask("ben", "done A-1")
    assert isinstance(answer.content, Card)
    await shop.presses("ben", "Undo", answer.content)
    assert (await shop.row(Action, code="A-1")).state is State.OPEN
    async with shop.house.database.read(SYSTEM) as tx:
        trail = await tx.all(select(AuditEvent).order_by(col(AuditEvent.id)))
    assert [(each.verb, each.before, each.after) for each in trail] == [
        ("add", "", "open"),
        ("done", "open", "done"),
        ("undo", "done", "open"),
    ]


@pytest.mark.req("S3-07")
async def test_a_list_has_what_is_overdue_first_then_priority_then_date_then_code(shop: Workshop) -> None:
    for title, due, priority in (
        ("one", "2026-12-20", "P3"),
        ("two", "2026-11-25", "P3"),
        ("three", "2026-12-10", "P1"),
        ("four", "2026-12-01", "P2"),
        ("five", "2026-12-10", "P1"),
        ("six", "2026-11-26", "P4"),
    ):
        await shop.says("ben", f'/action add "{title}" @Ben due:{due} prio:{priority}')
    shop.house.clock.move_to(shop.house.clock.now() + timedelta(days=3))
    said = await shop.says("ben", "/action list")
    order = [
        word
        for line in said.splitlines()
        for word in line.split()
        if word in ["one", "two", "three", "four", "five", "six"]
    ]
    assert order == ["two", "six", "three", "five", "four", "one"]
    assert "6 actions · 2 overdue" in said


async def test_a_long_list_goes_on_page_by_page(shop: Workshop) -> None:
    for number in range(23):
        await shop.says("ben", f'/action add "Desk number {number}" @Ben due:fri')
    pages = [await shop.says("ben", f"/action list mine page:{page}") for page in (1, 2, 3)]
    titles = {line.split("  ")[0] for page in pages for line in page.splitlines() if line.startswith("Desk number")}
    assert len(titles) == 23
    first = await shop.ask("ben", "/action list mine")
    assert isinstance(first.content, Card)
    assert (await shop.presses("ben", "More", first.content)) == pages[1]


async def test_a_filter_that_is_none_says_which_there_are(shop: Workshop) -> None:
    assert "I don't know the filter 'soonish'" in await shop.says("ben", "/action list soonish")


async def test_a_codes_number_is_never_given_again(shop: Workshop) -> None:
    answer = await shop.ask("ben", '/action add "Book desks" @Ben due:fri')
    assert isinstance(answer.content, Card)
    await shop.presses("ben", "Undo", answer.content)
    assert "A-2 is kept" in await shop.says("ben", '/action add "Book desks" @Ben due:fri')


async def test_a_message_becomes_an_action_with_its_words(shop: Workshop) -> None:
    form = await shop.form("dana", Press("action.from_message", {"text": "Somebody should check\nthe Oakley valve"}))
    assert {each.id: each.value for each in form.inputs}["title"] == "Somebody should check the Oakley valve"


async def test_a_date_on_a_day_off_is_kept_and_said(shop: Workshop) -> None:
    assert "Sat 28 Nov 2026 is a day off" in await shop.says("ben", '/action add "Book desks" @Ben due:sat')


async def test_a_date_that_is_over_is_refused_with_the_way_out(shop: Workshop) -> None:
    assert "is over" in await shop.says("ben", '/action add "Book desks" @Ben due:2026-11-20')
    assert "I don't understand the date 'soon'" in await shop.says("ben", '/action add "Book desks" @Ben due:soon')
    assert "I can't tell whether 03/04" in await shop.says("ben", '/action add "Book desks" @Ben due:03/04')


async def _two_for_ben_and_a_blocker(shop: Workshop) -> str:
    for title in ("Book desks", "Print badges"):
        await shop.says("ben", f'/action add "{title}" @Ben due:fri')
    await shop.says("ben", "blocked A-1 no room plan")
    return (await shop.row(Blocker, text="no room plan")).code


@pytest.mark.parametrize("words", ["waiting for {code}", "waiting for {code} since Monday", "{code} waiting for parts"])
async def test_a_blocker_that_is_named_in_the_words_is_linked_and_the_words_stay_whole(
    shop: Workshop, words: str
) -> None:
    code = await _two_for_ben_and_a_blocker(shop)
    said = await shop.says("ben", f"blocked A-2 {words.format(code=code)}")
    reason = words.format(code=code) if not words.startswith("{") else "waiting for parts"
    assert f"A-2 is blocked: {reason}" in said
    action, blocker = await shop.row(Action, code="A-2"), await shop.row(Blocker, code=code)
    assert action.blocker_id == blocker.id
    entry = await shop.row(AuditEvent, thing_id=action.id, thing=Thing.ACTION, verb="block")
    assert entry.reason == reason


async def test_who_owns_what_a_blocker_held_up_hears_when_somebody_solves_it_and_goes_on(shop: Workshop) -> None:
    code = await _two_for_ben_and_a_blocker(shop)
    await shop.says("ben", f"blocked A-2 {code}")
    await shop.says("dana", f"/huddle resolve {code} the plan is on the wall")
    assert f"{code} is solved" in shop.last("ben")
    assert "No longer in the way: no room plan (the plan is on the wall). 2 actions of yours can go on." in shop.last(
        "ben"
    )
    await shop.presses("ben", "It can go on")
    assert (await shop.row(Action, code="A-1")).state is State.IN_PROGRESS
    (freed,) = [post.words for post in shop.posts("ben") if ":freed:" in post.key]
    assert "in progress · A-1" in freed
    assert "blocked · A-2" in freed


async def test_who_solves_their_own_is_told_nothing_and_an_undo_takes_the_news_back(shop: Workshop) -> None:
    code = await _two_for_ben_and_a_blocker(shop)
    before = len(shop.posts("ben"))
    await shop.says("ben", f"/huddle resolve {code}")
    assert len(shop.posts("ben")) == before
    await shop.says("cem", '/action add "Order chairs" @Cem due:fri')
    await shop.says("cem", "blocked A-3 no money")
    money = (await shop.row(Blocker, text="no money")).code
    solved = await shop.ask("dana", f"/huddle resolve {money}")
    assert isinstance(solved.content, Card)
    assert f"{money} is solved" in shop.last("cem")
    await shop.presses("dana", "Undo", solved.content)
    assert not any(f"{money} is solved" in post.words for post in shop.posts("cem"))
