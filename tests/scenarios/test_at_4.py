"""AT-4 of the domain: a full council cycle from the call a week before to issued minutes, over chat and mail."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.actions import Action
from storage.agenda import AgendaEdition, AgendaItem, DepartmentReport
from storage.decisions import Decision
from storage.meetings import Attendance, CouncilMeeting
from storage.minutes import Minutes
from storage.people import Department
from tests.scenarios.council_stage import (
    MRS_OKAFOR,
    ROOM,
    SAM,
    STAFF,
    CouncilStage,
    Opened,
    on_local,
    on_slack,
    on_teams,
    spread,
)
from tests.scenarios.mail_post import SeenMail
from tests.scenarios.stage import Stage

SLOW, POSTGRES = pytest.mark.slow, pytest.mark.postgres
REPORT = "What did you change?"
EIGHT = "Call centre asks eight fault questions before booking"
SECRET_PLAN = "Metering's contract ends in March"
State = CouncilMeeting.State
Item = AgendaItem.State


def at(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.req(
    "AT-4", "S2-08", "S2-10", "S2-15", "S2-18", "S2-19", "S2-20", "S2-26", "S2-27", "S2-29", "S2-31", "S3-33", "S4-01",
    "S4-02",
)  # fmt: skip
@pytest.mark.parametrize(
    ("database_url", "opened"),
    [
        pytest.param("sqlite", on_local, id="sqlite-local", marks=SLOW),
        pytest.param("sqlite", on_slack, id="sqlite-slack"),
        pytest.param("sqlite", on_teams, id="sqlite-teams", marks=SLOW),
        pytest.param("sqlite", spread, id="sqlite-spread", marks=SLOW),
        pytest.param("postgres", on_local, id="postgres-local", marks=POSTGRES),
        pytest.param("postgres", on_slack, id="postgres-slack", marks=(POSTGRES, SLOW)),
        pytest.param("postgres", on_teams, id="postgres-teams", marks=(POSTGRES, SLOW)),
        pytest.param("postgres", spread, id="postgres-spread", marks=(POSTGRES, SLOW)),
    ],
    indirect=["database_url"],
)
async def test_a_council_from_its_call_to_its_minutes(database_url: str, opened: Opened, tmp_path: Path) -> None:
    async with opened(database_url, tmp_path / "mail") as stage:
        await _everybody_is_called(stage)
        await _five_report_and_one_of_them_by_mail_twice(stage)
        await _only_who_owes_something_is_reminded(stage)
        await _items_close_and_nobody_publishes(stage)
        await _a_late_item_waits_for_the_chair(stage)
        await _the_day_before_and_the_morning(stage)
        await _seven_of_eight_are_there(stage)
        await _the_council_decides(stage)
        await _nothing_is_left_open_at_the_end(stage)
        await _minutes_go_out_by_themselves(stage)
        await _the_same_rows_wherever_they_met(stage)


async def _everybody_is_called(stage: CouncilStage) -> None:
    await stage.until(at(26, 10, month=11))
    for user in ("ann", "raj", "bea", "dov", "mia", "ivo", "fin"):
        words = (await stage.reads(user))[-1]
        assert "What should we talk about?" in words
        assert "please send your short report by Mon 30 Nov" in words
    assert "Metering Ltd: please send your short report" in stage.mail.newest(SAM).text
    assert "What should we talk about?" in stage.mail.newest(MRS_OKAFOR).text
    assert "your short report" not in stage.mail.newest(MRS_OKAFOR).text
    assert len(await stage.rows(DepartmentReport)) == 8
    assert (await _meeting(stage)).state is State.CALLING


async def _five_report_and_one_of_them_by_mail_twice(stage: CouncilStage) -> None:
    await stage.until(at(26, 11, month=11))
    for user in ("ann", "raj", "dov", "ivo"):
        await stage.presses(user, "Open report")
        await stage.fills(user, {"changed": f"What {user} changed", "send": "send"})
    for user in ("ann", "raj", "bea", "dov", "mia"):
        await stage.presses(user, "Yes")
    said = await stage.says("ivo", '/council attend deputy:"Ida Marsh" can-decide')
    assert "Ida comes for you" in said
    assert "Quorum needs 5; I now expect 6" in said
    await stage.until(at(27, 9, month=11))
    form = _call(stage, SAM)
    sent = stage.mail.fill_in(form, {REPORT: "Fault codes on every meter"})
    await stage.mails_come_in()
    stage.mail.fill_in(form, {REPORT: "Fault codes on every meter"}, message_id=sent)
    await stage.mails_come_in()
    report = await _report(stage, "Metering Ltd")
    assert (report.state, report.changed) == (DepartmentReport.State.RECEIVED, "Fault codes on every meter")
    stage.mail.reply(form, "Yes")
    await stage.mails_come_in()
    assert "Recorded: You come" in stage.mail.newest(SAM).text


async def _only_who_owes_something_is_reminded(stage: CouncilStage) -> None:
    await stage.until(at(30, 10, month=11))
    reminded = [
        user
        for user in ("ann", "raj", "bea", "dov", "mia", "ivo", "fin")
        if "still open from you" in (await stage.reads(user))[-1]
    ]
    assert reminded == ["bea", "mia", "fin"]
    assert "the report of Finance and whether you come" in (await stage.reads("fin"))[-1]
    assert "still open from you: whether you come" in stage.mail.newest(MRS_OKAFOR).text
    assert "still open" not in stage.mail.newest(SAM).text
    said = await stage.says("cora", f'/agenda add "{SECRET_PLAN}" item:7 for:decision mins:5 internal owner:@Fin')
    assert "7." in said
    await stage.says("raj", '/agenda add "Which faults need no visit?" item:7 for:decision mins:5')


async def _items_close_and_nobody_publishes(stage: CouncilStage) -> None:
    await stage.until(at(30, 11, 50, month=11))
    await stage.presses("bea", "Open report")
    await stage.fills("bea", {"changed": "Forty calls about second visits", "help": "Book once", "send": "send"})
    await stage.until(at(30, 12, month=11))
    for user in ("sev", "cora"):
        assert "Items are closed: 2 items, 85 of 90 minutes, 6 of 8 reports" in (await stage.reads(user))[-1]
    states = {each.department_id: each.state for each in await stage.rows(DepartmentReport)}
    assert sorted(map(str, states.values())) == ["missing"] * 2 + ["received"] * 6
    await stage.until(at(30, 15, 30, month=11))
    assert "comes out by itself at 16:00" in (await stage.reads("cora"))[-1]
    await stage.until(at(30, 16, month=11))
    for paper in await stage.in_rooms("Actions from last meeting"):
        assert "Version 1, published by schedule" in paper
        titles = [
            "Actions from last meeting", "Results of overall customer satisfaction measures",
            "Reports from the departments on their measures and what they are doing", "Best practices cross-fertilised",
            "Review of current initiatives/programmes", "Review customer measures",
            "Prioritisation and planning of future initiatives", "Review of any customer research",
            "Any other business",
        ]  # fmt: skip
        assert sorted(paper.index(each) for each in titles) == [paper.index(each) for each in titles]
        for words in (
            "1 overdue, 1 open, 2 done", "in the customer's words",
            "6 of 8 received · not received: Marketing, Finance",
            "Nothing submitted", "No new research",
        ):  # fmt: skip
            assert words in paper
    for outsider in (SAM, MRS_OKAFOR):
        paper = stage.mail.newest(outsider).text
        assert "Any other business" in paper
        assert SECRET_PLAN not in paper
    assert SECRET_PLAN in await stage.says("raj", "/agenda open 7")


async def _a_late_item_waits_for_the_chair(stage: CouncilStage) -> None:
    await stage.until(at(1, 9))
    said = await stage.says("mia", '/agenda add "Christmas hours" item:7')
    assert "closed on Mon 30 Nov 2026, 12:00. I've asked Cora to admit it as a late item" in said
    assert "otherwise it goes on Thu 7 Jan 2027" in said
    assert "Christmas hours" in (await stage.reads("cora"))[-1]


async def _the_day_before_and_the_morning(stage: CouncilStage) -> None:
    await stage.until(at(2, 10))
    words = (await stage.reads("ann"))[-1]
    assert "Late items need the chair's leave" in words
    assert "7 yes, 0 no, 2 open – quorum is 5" in words
    assert "7 of 8 expected, 5 needed" in (await stage.in_rooms("Actions from last meeting"))[0]
    await stage.says("fin", '/council attend no "On leave"')
    await stage.until(at(3, 8, 45))
    assert "CX Council in 75 minutes, at 10:00" in (await stage.reads("ann"))[-1]


async def _seven_of_eight_are_there(stage: CouncilStage) -> None:
    await stage.until(at(3, 10))
    assert "1.2 is now open for debate" in await stage.says("raj", "/agenda pull 1.2")
    assert "Not quorate: 0 of 8 present, 5 needed" in await stage.says("cora", "/council start")
    for user in ("ann", "raj", "bea", "dov", "mia"):
        await stage.presses(user, "I'm here", ROOM)
    assert "Quorate: 6 of 8" in await stage.says("sev", '/council present @"Ida Marsh"')
    assert "Quorate: 7 of 8" in await stage.says("sev", '/council present @Sam @"Mrs Okafor"')
    for room in await stage.in_rooms("At the table"):
        assert "Quorate: 7 of 8 present, 5 needed" in room
        assert "Ida for Ivo" in room
        assert "Apologies: Fin" in room


async def _the_council_decides(stage: CouncilStage) -> None:
    for minute, section in ((8, 2), (23, 3), (43, 5), (50, 6)):
        await stage.until(at(3, 10, minute))
        assert f"Now {section} " in await stage.says("cora", f"/council item {section}")
    await stage.until(at(3, 11, 2))
    line = f'/council decide "{EIGHT}" reason:"20% repeat visits" moved:@Raj for:6 against:1 abstain:0 item:7.2'
    await stage.says("cora", "/council item 7")
    door = stage.door("sev")
    await (door.say("sev", line) if isinstance(door, Stage) else door.hears("sev", line))
    assert await stage.rows(Decision) == [], "without what it means it is asked for, and nothing is stored"
    said = await stage.says("sev", f'{line} means:"Field: fewer revisits; Billing: none"')
    assert "recorded" in said
    assert "in force" in said


async def _nothing_is_left_open_at_the_end(stage: CouncilStage) -> None:
    await stage.until(at(3, 11, 10))
    await stage.says("cora", "/council item 9")
    await stage.until(at(3, 11, 28))
    proposal = await stage.says("cora", "/council end")
    assert "to be noted" in proposal
    assert SECRET_PLAN in proposal
    await stage.presses("cora", "As proposed")
    meeting = await _meeting(stage)
    assert (meeting.state, meeting.adjourned_at) == (State.ADJOURNED, at(3, 11, 28))
    index = await stage.says("cora", "/council attention customer:2 finance:4 bonus:1 leaders:5")
    for words in ("Attention 65.0 of 100", "90.0", "75.0", "50.0", "20.0"):
        assert words in index


async def _minutes_go_out_by_themselves(stage: CouncilStage) -> None:
    await stage.until(at(4, 12))
    for user in ("sev", "cora"):
        assert "Draft minutes are ready" in (await stage.reads(user))[-1]
    await stage.until(at(7, 16))
    for paper in await stage.in_rooms("Minutes of Thu 3 Dec 2026"):
        for words in (
            "Not yet checked by the chair", "7 of 8 voting seats present, 5 needed", "11:28",
            "Ida Marsh for Ivo", "Fin", EIGHT, "6 for, 1 against, 0 abstained", "Thu 10 Dec 2026, 16:00",
        ):  # fmt: skip
            assert words in paper
    told = (await stage.reads("carl" if stage.only else "cora", STAFF))[-1]
    assert EIGHT in told
    assert SECRET_PLAN not in told
    for outsider in (SAM, MRS_OKAFOR):
        assert all(SECRET_PLAN not in mail.text + mail.html for mail in stage.mail.mails(outsider))
    assert any("fewer revisits" in words for words in await stage.reads("dana", "field-dispatch"))


async def _the_same_rows_wherever_they_met(stage: CouncilStage) -> None:
    (decision,) = await stage.rows(Decision)
    assert (decision.text, decision.state, decision.voting_present) == (EIGHT, Decision.State.IN_FORCE, 7)
    assert (decision.votes_for, decision.votes_against, decision.votes_abstain) == (6, 1, 0)
    meeting = await _meeting(stage)
    said = sorted(str(each.status) for each in await stage.rows(Attendance, meeting_id=meeting.id))
    assert said == ["apologies", "deputy"] + ["present"] * 7
    left = {each.title: each.state for each in await stage.rows(AgendaItem, meeting_id=meeting.id)}
    assert left[SECRET_PLAN] is Item.DEFERRED
    assert left["Which faults need no visit?"] is Item.DECIDED
    following = [each for each in await stage.rows(AgendaItem) if each.meeting_id != meeting.id]
    carried = {each.title: (each.state, each.deferrals) for each in following}
    assert carried[SECRET_PLAN] == (Item.SUBMITTED, 1)
    assert carried["Christmas hours"] == (Item.SUBMITTED, 0)
    assert [each.number for each in await stage.rows(AgendaEdition, meeting_id=meeting.id)] == [1]
    (minutes,) = await stage.rows(Minutes, meeting_id=meeting.id)
    assert (minutes.state, minutes.is_unchecked, minutes.issued_by) == (Minutes.State.CIRCULATED, True, None)
    assert len(await stage.rows(Action, code="A-204")) == 1


async def _meeting(stage: CouncilStage) -> CouncilMeeting:
    return next(each for each in await stage.rows(CouncilMeeting) if each.starts_at == at(3, 10))


async def _report(stage: CouncilStage, name: str) -> DepartmentReport:
    (department,) = await stage.rows(Department, name=name)
    return next(each for each in await stage.rows(DepartmentReport, department_id=department.id))


def _call(stage: CouncilStage, to: str) -> SeenMail:
    return next(each for each in stage.mail.mails(to) if "What should we talk about?" in each.text)
