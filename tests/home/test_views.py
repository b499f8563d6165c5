"""A day's card stays within what every platform shows, whatever people write, and holds what they wrote."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blockers.views import solve_button
from bot.chat.cards import ACTIONS_MAX, Button, Buttons, Card, Divider, Note, Paragraph, Row, Title, buttons_of, says
from bot.chat.spans import Link, Mention, When
from bot.home import views
from bot.home.rules import Standing
from bot.home.views import Counts, HuddleToday, Next, Part
from bot.huddles.room_views import OpenBlocker
from bot.measures.rules import Figure
from storage.huddles import Huddle
from tests.support.huddle_rows import LONDON, NINE_THIRTY, TUESDAY, a_blocker, a_huddle, a_run, at
from tests.support.reading import labels_of, words_of

NEW_YORK = ZoneInfo("America/New_York")
HOSTILE = (
    "<b>bold</b> & <script>alert(1)</script>",
    "*bold* <!channel> <@U024BE7LH> <https://evil.example|the agenda>",
    "\u202edrowssap\u202c",
    "שלום עולם",
    "🚰" * 40,
    "line one\nline two",
)
written = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=60).map(str.strip).filter(bool)


def a_day(*waiting: Part, known: tuple[Part, ...] = (), name: str = "Dana", teams: tuple[str, ...] = ()) -> Card:
    return views.card(name, TUESDAY, LONDON, teams, waiting=waiting, known=known)


def open_until(at_: datetime = NINE_THIRTY, name: str = "Field Dispatch") -> HuddleToday:
    return HuddleToday(a_huddle(name=name), Standing.OPEN, a_run(), at_)


def a_part(elements: int, needs: int = 0) -> Part:
    return Part(tuple(Paragraph((f"Thing {n}",)) for n in range(elements)), needs)


# --- the whole card


@pytest.mark.parametrize(
    ("needs", "title"),
    [
        (0, "Nothing waits for you, Dana"),
        (1, "One thing for you, Dana"),
        (3, "Three things for you, Dana"),
        (10, "Ten things for you, Dana"),
        (23, "23 things for you, Dana"),
    ],
)
def test_the_title_says_how_many_things_wait(needs: int, title: str) -> None:
    assert a_day(a_part(1, needs)).elements[0] == Title(title)


def test_things_of_every_section_are_counted_together() -> None:
    card = a_day(a_part(1, 2), a_part(1, 1), known=(a_part(1, 1),))
    assert card.summary == "Four things for you, Dana. Tue 24 Nov 2026."


def test_who_is_new_is_welcomed() -> None:
    assert a_day(views.no_team(["Ivo"])).summary == "Welcome, Dana. Tue 24 Nov 2026."


@pytest.mark.parametrize("name", ["", "A" * 500])
def test_a_name_that_does_not_fit_is_left_out_rather_than_cut(name: str) -> None:
    assert a_day(name=name).elements[0] == Title("Nothing waits for you")


def test_three_teams_stand_beside_the_date_and_the_rest_is_counted() -> None:
    assert a_day(teams=tuple("ABCDE")).elements[1] == Note("Tue 24 Nov 2026 · A, B, C and 2 more")
    assert a_day(teams=("A", "B")).elements[1] == Note("Tue 24 Nov 2026 · A and B")


def test_teams_of_endless_names_are_left_out() -> None:
    assert a_day(teams=("A" * 3000,)).elements[1] == Note("Tue 24 Nov 2026")


def test_a_rule_stands_only_between_what_waits_and_what_is_known() -> None:
    rules = [
        Divider() in a_day(*parts, known=known).elements for parts in ((), (a_part(1),)) for known in ((), (a_part(1),))
    ]
    assert rules == [False, False, False, True]


def test_six_buttons_are_kept_in_reading_order_and_what_the_others_stood_beside_stays() -> None:
    rows = Part(tuple(Row(f"Thing {n}", "", solve_button(a_blocker(code=f"B-{n}"))) for n in range(1, 6)))
    pair = Part((Buttons((Button("Six", "a"), Button("Seven", "b"))), Row("Last", "", Button("Eight", "c"))))
    card = a_day(rows, pair)
    assert labels_of(card) == [*(f"B-{n} is solved" for n in range(1, 6)), "Six"]
    assert "Last" in words_of(card)


def test_a_row_of_buttons_of_which_none_is_left_disappears() -> None:
    full = Part(tuple(Row("x", "", Button("y", "z")) for _ in range(ACTIONS_MAX)))
    assert not any(isinstance(each, Buttons) for each in a_day(full, Part((Buttons((Button("a", "b"),)),))).elements)


# --- sections


def test_only_the_first_open_huddle_has_the_primary_button() -> None:
    card = a_day(views.huddles([open_until(), open_until(name="Night shift")], LONDON))
    assert [each.primary for each in buttons_of(card) if isinstance(each, Button)] == [True, False]


def test_what_waits_for_an_answer_comes_first_then_what_is_to_come() -> None:
    found = [replace(open_until(name=each.value), standing=each) for each in reversed(Standing)]
    texts = [each.text for each in views.huddles(found, LONDON).elements if isinstance(each, Row)]
    assert texts == ["Huddle · open", "Huddle · late", "Huddle · coming", "Huddle · kept", "Huddle · answered"]


def test_a_lead_of_many_teams_sees_five_rows_and_the_rest_as_lines() -> None:
    part = views.huddles([open_until(name=f"Depot {n}") for n in range(1, 10)], LONDON)
    assert len(part.elements) == views.HUDDLES_SHOWN + 1
    assert part.needs == 9
    assert all(f"Depot {n}" in words_of(Card("x", part.elements)) for n in range(1, 10))


def test_a_day_off_without_a_reason_needs_none() -> None:
    part = views.huddles([HuddleToday(a_huddle(), Standing.OFF)], LONDON)
    assert part.elements == (Row("No huddle today · Field Dispatch"),)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (None, "You're away until you say that you are back"),
        (TUESDAY, "You're away today"),
        (date(2026, 11, 27), "You're away until Fri 27 Nov"),
    ],
)
def test_an_absence_says_how_long_it_lasts(until: date | None, words: str) -> None:
    (row,) = views.away(until, TUESDAY).elements
    assert isinstance(row, Row)
    assert row.text == words


def test_a_blocker_of_friday_seen_on_saturday_says_since_when() -> None:
    friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
    each = OpenBlocker(a_blocker(raised_on=friday), raiser="Cem", age_days=0, waits_for="", helper="")
    assert "Open since Fri 27 Nov · from Cem · B-7" in words_of(
        Card("x", views.in_the_way([each], 9, saturday).elements)
    )


def test_a_number_that_is_missing_is_named_and_never_nought() -> None:
    part = views.figures([("First-time fix", Figure("No number for yesterday"))])
    assert part.elements == (Paragraph(("First-time fix: no number for yesterday.",)),)


def test_more_numbers_than_stand_side_by_side_are_left_out() -> None:
    part = views.figures([(f"N{n}", Figure(f"N{n} yesterday", "1")) for n in range(9)])
    assert len(part.elements) == 1


def test_a_clock_time_elsewhere_is_added_only_where_it_differs() -> None:
    nine_fifteen = at(9, 15)
    local = a_huddle(mode=Huddle.Mode.LOCAL)
    here = views.coming_up([Next(a_huddle(), TUESDAY, nine_fifteen)], LONDON)
    there = views.coming_up([Next(a_huddle(), TUESDAY, nine_fifteen)], NEW_YORK)
    own = views.coming_up([Next(local, TUESDAY, at(14, 15))], NEW_YORK)
    assert "in London" not in words_of(Card("x", here.elements))
    assert "Tue 24 Nov, 04:15 · Huddle, Field Dispatch 09:15 in London" in words_of(Card("x", there.elements))
    assert words_of(Card("x", own.elements)).endswith("09:15 · Huddle, Field Dispatch")


def test_counts_of_nobody_are_said_in_words() -> None:
    part = views.oversight([("Field Dispatch", Counts(0, 0, is_open=True))])
    assert part.elements == (Note("Field Dispatch: nobody was expected"),)


def test_who_leads_nothing_and_has_nothing_to_mend_reads_nothing_of_it() -> None:
    assert views.oversight([], number=0, others=Counts(0, 0, is_open=True)).elements == ()


# --- what people write


@given(written, st.integers(0, 12), st.integers(0, 12))
def test_what_people_write_is_shown_letter_by_letter_within_the_limits(text: str, huddles: int, blockers: int) -> None:
    found = [open_until(name=text) for _ in range(huddles)]
    off = HuddleToday(a_huddle(name=text), Standing.OFF, reason=f"Skipped by Dana: {text}")
    ways = [
        OpenBlocker(a_blocker(text, code=f"B-{n + 1}"), raiser=text, age_days=n, waits_for=text, helper="")
        for n in range(blockers)
    ]
    card = a_day(
        views.huddles([*found, off], LONDON),
        views.in_the_way(ways, 9, TUESDAY),
        views.no_huddle(text, text, may_set_up=False),
        known=(
            views.figures([(text, Figure(f"{text} yesterday", "78%"))]),
            views.coming_up([Next(a_huddle(name=text), TUESDAY, NINE_THIRTY)], LONDON),
            views.oversight([(text, Counts(1, 5, is_open=True))]),
        ),
        name=text,
        teams=(text,),
    )
    assert words_of(card).count(text) >= 6 + huddles + blockers
    assert len(buttons_of(card)) <= ACTIONS_MAX
    spans = [span for each in card.elements if isinstance(each, Paragraph) for span in each.text]
    assert not any(isinstance(each, Link | Mention | When) for each in spans)


def test_a_lead_of_an_endless_name_is_told_all_the_same() -> None:
    part = views.oversight([("A" * 3000, Counts(1, 5, is_open=False))])
    assert part.elements == says(f"{'A' * 3000}: 1 of 5 answered").elements
