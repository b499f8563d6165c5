"""What each of the nine sections tells by itself, from rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event

from bot.agenda.rules import Entry, Kind
from bot.council.rules import Reading
from storage.actions import Action, Priority
from storage.agenda import AgendaEdition, AgendaItem
from storage.customers import BestPractice, ResearchNote, VocItem
from storage.decisions import Decision
from storage.initiatives import Dependency, Initiative, Milestone, StrategyFrame
from storage.links import Thing
from storage.measures import Measure, MeasureConflict
from storage.measures import Reading as Figure
from storage.people import Department
from storage.ranking import Ballot, RankingRound
from tests.agenda.house import LAST_AT, OUT_AT, TUESDAY_NOON, House
from tests.support.field_dispatch import NORTHWATER

TODAY = TUESDAY_NOON.date()


async def wrote(house: House, *rows: object) -> None:
    """Rows that were there before."""
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=(await house.person("Ann")).id, event_id=None, now=TUESDAY_NOON)
        tx.add(*rows)  # type: ignore[arg-type]  # rows of any table


@pytest.mark.req("S2-18")
async def test_one_lists_what_was_promised_overdue_then_open_then_done(house_on_both: House) -> None:
    house = house_on_both
    last = await house.held_before()
    meeting = (Thing.MEETING, last)
    ann = await house.person("Ann")
    decision = Decision(
        code="D-900", council_id=house.council_id, meeting_id=last, text="Ask eight questions", decided_at=LAST_AT,
        internal=True,
    )  # fmt: skip
    item = AgendaItem(council_id=house.council_id, meeting_id=last, section=5, seq=1, title="Second visits")
    await wrote(house, decision, item)
    await house.promised("Done one", meeting, due=date(2026, 11, 20), state=Action.State.DONE)
    await house.promised("Open one", meeting, due=date(2026, 12, 20))
    await house.promised("Late one", (Thing.AGENDA_ITEM, item.id), due=date(2026, 11, 16))
    await house.promised("Done two", (Thing.DECISION, decision.id), due=date(2026, 11, 19), state=Action.State.DONE)
    await house.promised("Called off", meeting, due=date(2026, 11, 19), state=Action.State.CANCELLED)
    agenda = await house.agenda()
    section = agenda.section(1)
    assert [each.text for each in section.lines] == ["Late one", "Open one", "Done one", "Done two"]
    assert section.lines[0].detail == "overdue since Mon 16 Nov · Ann"
    assert section.counts == {"overdue": 1, "open": 1, "done": 2}
    assert [(each.number, each.title, each.consent) for each in section.items] == [
        ("1.1", "Apologies and quorum", False),
        ("1.2", "Minutes of Thu 5 Nov", True),
    ]
    outside = await house.agenda(Reading.OUTSIDER)
    assert "Done two" not in repr(outside), "it came from a decision that is internal"
    assert ann.name in repr(outside)


async def test_one_has_what_is_overdue_of_earlier_meetings_too(house: House) -> None:
    await house.held_before()
    older = AgendaItem(council_id=house.council_id, meeting_id=house.meeting_id, section=5, title="Older")
    await wrote(house, older)
    await house.promised("Forgotten", (Thing.AGENDA_ITEM, older.id), due=date(2026, 10, 1))
    await house.promised("In time", (Thing.AGENDA_ITEM, older.id), due=date(2026, 12, 24))
    await house.promised("Nobody's council", (Thing.INITIATIVE, 1), due=date(2026, 10, 1))
    assert [each.text for each in (await house.agenda()).section(1).lines] == ["Forgotten"]


@pytest.mark.req("S2-19", "S1-01")
async def test_two_opens_in_the_customers_words_and_marks_a_low_base(house: House) -> None:
    ann = await house.person("Ann")
    await wrote(
        house,
        *(
            VocItem(code=f"V-{number}", words=f"Line {number}", heard_by=ann.id, received_on=date(2026, 11, number),
                    source="call")
            for number in (3, 9, 6, 1)
        ),
    )  # fmt: skip
    measure = Measure(
        code="FTR", name="Fixed first time", headline=True, kind=Measure.Kind.RATE, frequency=Measure.Frequency.MONTHLY
    )
    await wrote(house, measure)
    await wrote(house, Figure(measure_id=measure.id, period_on=date(2026, 10, 31), value=Decimal(75), n=8))
    section = (await house.agenda()).section(2)
    assert [each.text for each in section.quotes] == ["Line 9", "Line 6", "Line 3"]
    assert any("Fixed first time" in each.text and "low base" in each.text for each in section.lines)
    await house.now_is(OUT_AT)
    assert "in the customer's words: “Line 9”" in house.paper
    opened = await house.opened("ann", 2)
    assert opened.index("Line 9") < opened.index("Fixed first time")


async def test_words_that_one_meeting_opened_with_are_not_read_again(house: House) -> None:
    ann = await house.person("Ann")
    last = await house.held_before()
    old = VocItem(code="V-90", words="Old line", heard_by=ann.id, received_on=date(2026, 11, 4), source="call")
    new = VocItem(code="V-91", words="New line", heard_by=ann.id, received_on=date(2026, 11, 9), source="call")
    await wrote(house, old, new)
    content = {"sections": [{"number": 2, "quotes": [{"text": "Old line", "voc": old.id}]}]}
    await wrote(house, AgendaEdition(meeting_id=last, number=1, published_at=LAST_AT, content=content))
    assert [each.text for each in (await house.agenda()).section(2).quotes] == ["New line"]
    await house.says("cora", "/agenda publish")
    assert [(await house.row(VocItem, code=code)).shown_in for code in ("V-90", "V-91")] == [last, None]
    assert [each.text for each in (await house.agenda()).section(2).quotes] == ["New line"]


@pytest.mark.req("S2-20", "S2-34")
async def test_three_has_a_sub_item_for_each_report_in_the_order_of_the_journey_and_only_exceptions(
    house: House,
) -> None:
    figures = [
        {"name": "First-time fix", "value": "78%", "change": "down 2 points", "colour": "red"},
        {"name": "Visits", "value": "310", "change": "", "colour": "green"},
    ]
    await house.reports("Field", measures=figures, help_wanted="Fault details before each visit")
    await house.reports("Call centre", changed="A new script", missing=("Marketing", "Finance"))
    section = (await house.agenda()).section(3)
    assert [(each.number, each.title, each.kind) for each in section.items] == [
        ("3.1", "Call centre", Kind.REPORT),
        ("3.2", "Field", Kind.REPORT),
    ]
    assert [each.text for each in section.items[0].lines] == ["A new script"]
    assert [each.text for each in section.items[1].lines] == [
        "First-time fix 78% down 2 points",
        "Field asks for help: Fault details before each visit",
    ]
    assert section.missing == ("Marketing", "Finance")
    await house.says("raj", '/agenda add "Second visits" item:3')
    await house.says("cora", "/agenda publish")
    await house.reports("Billing")
    await house.says("cora", "/agenda publish")
    numbers = {each.title: each.number for each in (await house.agenda()).section(3).items}
    assert numbers == {"Call centre": "3.1", "Field": "3.2", "Second visits": "3.3", "Billing": "3.4"}
    assert "Not received: Marketing, Finance" in await house.opened("ann", 3)


async def test_four_offers_what_others_could_reuse(house: House) -> None:
    ann = await house.person("Ann")
    assert (await house.agenda()).section(4).is_empty
    await wrote(house, BestPractice(text="Fault notes on one page", department_id=1, author_id=ann.id))
    await house.reports("Field", offer="A checklist for vans")
    section = (await house.agenda()).section(4)
    assert [each.text for each in section.lines] == ["Fault notes on one page", "A checklist for vans"]
    assert section.counts == {"practices": 2}


@pytest.mark.req("S2-22", "S2-13")
async def test_five_orders_what_is_in_flight_by_colour_then_priority(house: House) -> None:
    flying = Initiative.State.IN_FLIGHT
    rows = [
        Initiative(code=f"I-{900 + place}", title=title, state=flying, priority=priority)
        for place, (title, priority) in enumerate(
            (("Green first", Priority.P1), ("Red low", Priority.P4), ("Red high", Priority.P2), ("None", Priority.P1))
        )
    ]
    await wrote(house, *rows)
    far = date(2027, 3, 1)
    await wrote(
        house,
        Milestone(code="M-900", initiative_id=rows[0].id, title="Live", baseline_on=far, forecast_on=far),
        *(
            Milestone(
                code=f"M-{900 + number}", initiative_id=rows[number].id, title="Live", baseline_on=date(2027, 1, 1),
                forecast_on=far,
            )
            for number in (1, 2)
        ),
        Dependency(thing="initiative", from_id=rows[0].id, to_id=rows[1].id),
    )  # fmt: skip
    section = (await house.agenda()).section(5)
    assert [each.text for each in section.lines] == [
        "Red high", "Red low", "Green first", "None", "I-901 waits for I-900",
    ]  # fmt: skip
    assert section.lines[0].detail == "P2 · no owner · next Live Mon 1 Mar, 59 days late"
    assert section.counts == {"running": 4, "late": 2, "dependencies": 1}
    await house.says("cora", "/agenda publish")
    assert "15 min · 4 running, 2 late: I-902 Red high" in house.paper


@pytest.mark.req("S2-23", "S2-02")
async def test_six_keeps_a_conflict_until_it_is_settled(house: House) -> None:
    ann = await house.person("Ann")
    one, other = (Measure(code=code, name=code, kind=Measure.Kind.RATE) for code in ("AHT", "FTV"))
    await wrote(house, one, other)
    await wrote(
        house, MeasureConflict(one_id=one.id, other_id=other.id, why="Short calls", raised_by=ann.id, raised_on=TODAY)
    )
    section = (await house.agenda()).section(6)
    assert section.counts["conflicts"] == 1
    assert (section.lines[0].text, section.lines[0].detail) == ("AHT against FTV", "Short calls · since Tue 24 Nov")
    assert "Billing has no measure" in [each.text for each in section.lines]
    await house.says("cora", "/agenda publish")
    assert "conflict: AHT against FTV" in house.paper


@pytest.mark.req("S2-24")
async def test_seven_has_the_newest_ranking_in_its_order_and_what_is_left(house: House) -> None:
    people = [await house.person(name) for name in ("Ann", "Raj")]
    rows = [
        Initiative(code=f"I-{910 + place}", title=title, state=state)
        for place, (title, state) in enumerate(
            (("Second", Initiative.State.RANKED), ("First", Initiative.State.RANKED),
             ("Begun", Initiative.State.IN_FLIGHT), ("New", Initiative.State.IDEA))
        )
    ]  # fmt: skip
    await wrote(house, *rows)
    numbers = [each.id for each in rows[:3]]
    ratings = [[each, benefit, 2, 2] for each, benefit in zip(numbers, (3, 5, 1), strict=True)]
    ranking = RankingRound(
        code="RR-9", opened_by=people[0].id, initiatives=numbers, invited=[each.id for each in people],
        closes_at=OUT_AT, state=RankingRound.State.PUBLISHED, ratings=ratings,
    )  # fmt: skip
    await wrote(house, ranking)
    tiers = [[numbers[1]], [numbers[0]], [numbers[2]]]
    await wrote(house, *(Ballot(round_id=ranking.id, person_id=each.id, tiers=tiers, hard=[]) for each in people))
    await wrote(
        house,
        StrategyFrame(
            valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), budget=4_000_000, person_days_per_month=40,
            short_end=TODAY, mid_end=TODAY,
        ),
    )  # fmt: skip
    section = (await house.agenda()).section(7)
    assert [(each.text, each.detail) for each in section.lines] == [("First", "ranked 1"), ("Second", "ranked 2")]
    assert section.notes == ("1 initiative not ranked yet", "£40,000 and 40 days a month left, 1 of 5 in flight")


@pytest.mark.req("S2-25", "S1-07")
async def test_eight_groups_what_was_found_out_and_names_the_missing_level(house: House) -> None:
    assert (await house.agenda()).section(8).is_empty
    ann = await house.person("Ann")
    await wrote(
        house,
        ResearchNote(
            text="Visits cost trust", level=ResearchNote.Level.OPERATIONAL, about=ResearchNote.About.EXPERIENCE,
            author_id=ann.id,
        ),
    )  # fmt: skip
    section = (await house.agenda()).section(8)
    assert [(each.text, each.detail) for each in section.lines] == [("Visits cost trust", "operational · experience")]
    assert section.notes[:2] == ("No strategic insight this period", "No research insight this period")


# --- as many questions, however many rows


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements that the database is asked."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_the_number_of_questions_does_not_depend_on_the_rows(house: House) -> None:
    last = await house.held_before()

    async def more(times: int, at: int) -> None:
        ann = await house.person("Ann")
        departments = [Department(name=f"D {at} {n}", seq=at + n) for n in range(times)]
        flying = Initiative.State.IN_FLIGHT
        initiatives = [Initiative(code=f"I-{at + n}", title="T", state=flying) for n in range(times)]
        measures = [Measure(code=f"C{at + n}", name="N", headline=True) for n in range(times)]
        await wrote(house, *departments, *initiatives, *measures)
        day = date(2026, 11, 1)
        for n in range(times):
            await house.promised(f"P {at} {n}", (Thing.MEETING, last), due=date(2026, 11, 10))
        await wrote(
            house,
            *(Milestone(code=f"M-{at + n}", initiative_id=each.id, title="T", baseline_on=day, forecast_on=TODAY)
              for n, each in enumerate(initiatives)),
            *(Figure(measure_id=each.id, period_on=day, value=Decimal(5)) for each in measures),
            *(VocItem(code=f"V-{at + n}", words="W", heard_by=ann.id, received_on=day, source="s")
              for n in range(times)),
            *(ResearchNote(text="T", level=ResearchNote.Level.RESEARCH, about=ResearchNote.About.MARKET,
                           author_id=ann.id)
              for _ in range(times)),
            *(BestPractice(text="T", department_id=each.id, author_id=ann.id) for each in departments),
            *(AgendaItem(council_id=house.council_id, meeting_id=house.meeting_id, section=5, seq=at + n, title="T",
                         owner_id=ann.id, initiative_id=each.id, hurts_id=departments[n].id)
              for n, each in enumerate(initiatives)),
            *(MeasureConflict(one_id=each.id, other_id=measures[0].id, why="W", raised_by=ann.id, raised_on=day)
              for each in measures),
        )  # fmt: skip

    await more(3, 2000)
    await house.agenda()
    with counting() as few:
        await house.agenda()
    await more(12, 3000)
    with counting() as many:
        await house.agenda()
    assert len(many) == len(few)
    assert len(few) < 60, few


def test_an_entry_says_its_number() -> None:
    assert Entry(1, 5, 3, "Second visits").number == "5.3"
