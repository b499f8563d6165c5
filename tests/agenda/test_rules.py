"""Laws of every agenda, tried on random ones: nine sections in order, minutes that add up, nothing internal outside."""

import json
import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.agenda import form_views, message_views, rules, views
from bot.agenda.documents import agenda_in, differences, document
from bot.agenda.rules import Agenda, Entry, Kind, Line, Purpose, Quote, Section, State
from bot.agenda.titles import SECTION_TITLES
from bot.agenda.views import Head
from bot.chat.cards import Group
from bot.chat.spans import Hue, plain
from bot.work.rules import moves_from
from storage.agenda import SECTIONS, AgendaItem
from tests.agenda.house import OUT_AT
from tests.support.reading import words_of

SECRET = "Zanzibar"
HEAD = Head(12, "CX Council", OUT_AT, ZoneInfo("Europe/London"), "Room 4", chair="Cora", edition=1)

_words = st.sampled_from(
    ("Second visits", "Christmas hours", "Größe der Rechnung", "5.3", "“quoted”", "*bold* <b>", "x")
)
_lines = st.builds(
    lambda text, internal, hue: Line(f"{SECRET} {text}" if internal else text, code="A-1", hue=hue, internal=internal),
    _words,
    st.booleans(),
    st.sampled_from([None, *Hue]),
)


few = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
"""A whole agenda is much to draw."""


@st.composite
def _entries(draw: st.DrawFn, section: int, seq: int) -> Entry:
    internal = draw(st.booleans())
    told = f"{SECRET} " if internal else ""
    return Entry(
        draw(st.integers(1, 10_000)),
        section,
        seq,
        told + draw(_words),
        draw(st.sampled_from([Kind.ITEM, Kind.REPORT])),
        draw(st.sampled_from([*State])),
        draw(st.sampled_from([*Purpose])),
        draw(st.integers(0, 60)),
        owner=told + draw(_words),
        consent=draw(st.booleans()),
        internal=internal,
        deferrals=draw(st.integers(0, 3)),
        one_view=told + draw(_words) if internal else "",
        initiative=told + draw(_words),
        lines=tuple(draw(st.lists(_lines, max_size=1))),
    )


@st.composite
def agendas(draw: st.DrawFn) -> Agenda:
    """Random ones, in which whatever is internal says so in its words."""
    sections = []
    for number in SECTIONS:
        items = tuple(draw(_entries(number, seq)) for seq in range(1, draw(st.integers(0, 2)) + 1))
        whole = Section(
            number,
            items=items,
            lines=tuple(draw(st.lists(_lines, max_size=1))),
            quotes=tuple(Quote(draw(_words), "V-1", 1) for _ in range(draw(st.integers(0, 1)))),
            missing=tuple(draw(st.lists(_words, max_size=2))),
        )
        minutes = rules.minutes_of(whole, draw(st.none() | st.integers(0, 90)), draw(st.integers(0, 10)))
        sections.append(replace(whole, minutes=minutes))
    return Agenda(tuple(sections), draw(st.integers(15, 480)))


@pytest.mark.req("S2-27")
@few
@given(agendas())
def test_every_agenda_shows_the_sections_one_to_nine_once_and_in_order(agenda: Agenda) -> None:
    for each in (agenda, rules.outside(agenda), agenda_in(document(agenda))):
        card = views.paper(HEAD, each)
        (nine,) = [element for element in card.elements if isinstance(element, Group)]
        assert nine.numbered
        assert [plain(line.text) for line in nine.lines] == [SECTION_TITLES[number] for number in SECTIONS]
        shown = [re.match(r"(\d+) min · ", plain(line.detail)) for line in nine.lines]
        assert sum(int(found[1]) for found in shown if found) == each.minutes


@pytest.mark.parametrize("numbers", [[1, 2, 3], [*range(1, 9), 8], [2, 1, *range(3, 10)], [*range(1, 11)]])
def test_an_agenda_with_other_sections_can_not_be_made(numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="1 to 9"):
        Agenda(tuple(Section(number) for number in numbers), 90)


@few
@given(agendas())
def test_minutes_add_up_and_what_is_left_is_the_rest(agenda: Agenda) -> None:
    assert agenda.minutes == sum(each.minutes for each in agenda.sections)
    assert agenda.minutes + agenda.free_min == agenda.length_min
    assert agenda.over_min == max(0, agenda.minutes - agenda.length_min)


@pytest.mark.req("S2-10")
@few
@given(agendas())
def test_no_copy_for_people_outside_has_a_word_of_what_is_internal_and_every_number_is_kept(agenda: Agenda) -> None:
    copy = rules.outside(agenda)
    cards = [views.paper(HEAD, copy), *(views.opened(HEAD, each) for each in copy.sections)]
    texts = [json.dumps(document(copy)), repr(form_views.look(HEAD, copy)), *(words_of(each) for each in cards)]
    texts += [each.summary for each in cards]
    assert not any(SECRET in text for text in texts)
    assert [each.number for each in copy.items] == [each.number for each in agenda.items]
    hidden = [each for each in copy.items if each.internal]
    assert len(hidden) == sum(each.internal for each in agenda.items)
    opened = "\n".join(words_of(each) for each in cards)
    assert all(f"{each.number} Internal" in opened for each in hidden)


@pytest.mark.req("S2-10")
@few
@given(agendas(), agendas())
def test_what_a_version_changed_names_nothing_internal(old: Agenda, new: Agenda) -> None:
    assert not any(SECRET in each for each in message_views.change_log(differences(old, new)))


@few
@given(agendas())
def test_a_version_is_kept_as_it_was_and_is_no_different_from_itself(agenda: Agenda) -> None:
    kept = json.loads(json.dumps(document(agenda)))
    assert agenda_in(kept) == agenda
    assert differences(agenda, agenda_in(kept)) == []


@few
@given(agendas(), st.data())
def test_an_item_that_is_taken_off_or_added_is_told(agenda: Agenda, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from([*SECTIONS]))
    section = agenda.section(number)
    fewer = replace(section, items=section.items[:-1])
    other = Agenda(tuple(fewer if each is section else each for each in agenda.sections), agenda.length_min)
    if section.items:
        assert [each.entry for each in differences(agenda, other)] == [section.items[-1]]
        assert [each.entry for each in differences(other, agenda)] == [section.items[-1]]


# --- minutes


@pytest.mark.parametrize(
    ("section", "given_min", "minutes"),
    [
        (Section(1), None, 10),
        (Section(2), None, 0),
        (Section(2, quotes=(Quote("No", "V-1"),)), None, 15),
        (Section(4, lines=(Line("Text"),)), None, 0),
        (Section(5, items=(Entry(1, 5, 1, "One", minutes=5),)), None, 15),
        (Section(5, items=(Entry(1, 5, 1, "One", minutes=5), Entry(2, 5, 2, "Two", minutes=20))), None, 25),
        (Section(5, items=(Entry(1, 5, 1, "One", minutes=30, consent=True),)), None, 15),
        (Section(5, items=(Entry(1, 5, 1, "One", minutes=30),)), 10, 30),
        (Section(5, items=(Entry(1, 5, 1, "One", minutes=10),)), 10, 10),
        (Section(8), None, 0),
        (Section(8, items=(Entry(1, 8, 1, "One", minutes=7),)), None, 7),
        (Section(9), None, 5),
        (Section(3), 0, 0),
    ],
)
def test_a_section_takes_what_somebody_gave_it_or_its_usual_time_or_that_of_its_items(
    section: Section, given_min: int | None, minutes: int
) -> None:
    assert rules.minutes_of(section, given_min) == minutes
    assert rules.minutes_of(section, given_min, 5) == minutes + 5


def test_a_usual_meeting_has_five_minutes_to_spare() -> None:
    assert sum(rules.USUAL.values()) == 85


# --- numbers

_rows = st.lists(
    st.builds(
        lambda number, section, seq, state, kind: AgendaItem(
            id=number, council_id=1, meeting_id=1, section=section, seq=seq, state=state, kind=kind, title="T",
            department_id=number if kind is Kind.REPORT else None,
        ),
        st.integers(1, 500),
        st.integers(1, 9),
        st.integers(0, 9),
        st.sampled_from([*State]),
        st.sampled_from([Kind.ITEM, Kind.ITEM, Kind.REPORT]),
    ),
    max_size=12,
    unique_by=lambda each: each.id,
)  # fmt: skip


@given(_rows, st.dictionaries(st.integers(1, 500), st.integers(0, 20)))
def test_first_numbers_have_no_gaps_and_reports_stand_in_the_order_of_the_journey(
    rows: list[AgendaItem], places: dict[int, int]
) -> None:
    numbers = rules.renumbered(rows, places)
    for section in SECTIONS:
        mine = [each for each in rows if each.section == section and each.id in numbers]
        assert sorted(numbers[each.id] for each in mine) == [*range(1, len(mine) + 1)]
        reports = sorted((each for each in mine if each.kind is Kind.REPORT), key=lambda each: numbers[each.id])
        items = [numbers[each.id] for each in mine if each.kind is Kind.ITEM]
        assert all(numbers[each.id] < min(items, default=99) for each in reports)
        in_order = [places.get(each.department_id or 0, len(places)) for each in reports]
        assert in_order == sorted(in_order)


@given(_rows, st.integers(1, 9))
def test_a_new_number_is_one_that_nothing_in_the_section_ever_had(rows: list[AgendaItem], section: int) -> None:
    taken = {each.seq for each in rows if each.section == section}
    assert rules.next_seq(rows, section) not in taken
    assert section != rules.WORK or rules.next_seq([], section) == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5.3", (5, 3, "")),
        ("item 5.3 because of it", (5, 3, "because of it")),
        ("9.12: why", (9, 12, "why")),
        ("5", None),
        ("0.1", None),
        ("5.0", None),
        ("10.1", None),
        ("5.3x", None),
        ("five.three", None),
    ],
)
def test_items_are_named_by_their_numbers(text: str, found: tuple[int, int, str] | None) -> None:
    assert rules.number_of(text) == found


def test_what_is_settled_is_settled_for_good() -> None:
    over = (State.DECLINED, State.MERGED, State.WITHDRAWN, State.DECIDED, State.NOTED, State.DROPPED, State.ACTIONED)
    verbs = {each.verb for each in rules.MOVES}
    assert [state for state in over for verb in verbs if moves_from(rules.MOVES, verb, state)] == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://example.com/a", True),
        ("http://a.b", True),
        ("ftp://a.b", False),
        ("paper", False),
        ("https://", False),
    ],
)
def test_a_paper_is_a_web_address(text: str, is_one: bool) -> None:
    assert rules.is_web(text) is is_one
