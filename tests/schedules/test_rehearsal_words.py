"""How a rehearsal is told: every view has its word, the table fits a terminal, the CSV harms no spreadsheet."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from bot.chat.cards import says
from bot.routes import ROUTES
from schedules import rehearsal_views as words
from schedules.rehearsal_labels import LABELS
from schedules.rehearsal_views import Line, Rehearsal

LONDON, AUCKLAND = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Auckland")
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
TEXT = "Huddle for Field Dispatch, open until 09:30. One line is enough: press Answer or just reply here."


def to(name: str, number: int = 1, *, at: datetime = NINE, zone: ZoneInfo = LONDON) -> Line:
    return Line(at, zone, "huddle.prompt", name, frozenset({number}), says(TEXT), key=f"huddle:1:prompt:{number}")


def a_rehearsal(*lines: Line, under_way: int = 0, person: str = "") -> Rehearsal:
    return Rehearsal(NINE, NINE + timedelta(days=1), LONDON, ["Northwater"], lines, under_way, person)


def rows(*lines: Line) -> list[str]:
    """The table's rows of those lines."""
    days, _, _ = words.table(a_rehearsal(*lines)).partition("To each person:")
    return [row for row in days.splitlines() if row.startswith("  ")]


def parsed(*lines: Line) -> list[dict[str, str]]:
    """The CSV, as a program reads it."""
    return list(csv.DictReader(StringIO(words.as_csv(a_rehearsal(*lines)))))


# --- words


def test_every_view_has_a_word_and_no_word_is_left_over() -> None:
    assert LABELS.keys() == ROUTES.views.keys()


def test_what_is_said_of_views_and_steps_is_about_those_there_are() -> None:
    assert words.UNLESS.keys() | words.NOTHING_TO_SHOW.keys() <= ROUTES.views.keys()
    assert words.STEPS.keys() <= ROUTES.steps.keys()


def test_a_view_that_nobody_has_named_is_told_by_its_name() -> None:
    assert replace(to("Amy"), kind="council.agenda").what == "council.agenda"


@pytest.mark.parametrize(("kind", "error", "why"), [
    ("huddle.prompt", "too late", "its time is over"),
    ("huddle.prompt", "not wanted any more", "there is nothing to show"),
    ("huddle.details", "not wanted any more", "nobody answers in a rehearsal"),
    ("huddle.prompt", "the local chat has no user fay", "the local chat has no user fay"),
])  # fmt: skip
def test_why_a_message_was_given_up_is_told_in_plain_words(kind: str, error: str, why: str) -> None:
    assert words.not_sent(kind, error) == why


# --- the table


def test_those_who_get_the_same_at_the_same_moment_share_a_line() -> None:
    (row,) = rows(to("Amy"), to("Ben", 2), to("Cem", 3))
    assert row.startswith("  09:00 London  Amy, Ben and Cem  huddle questions  “Huddle for Field Dispatch, open")


def test_each_person_s_messages_are_counted_by_kind_and_those_who_get_the_same_share_a_line() -> None:
    lines = [to("Amy"), to("Ben", 2), replace(to("Ben", 2), kind="huddle.nudge"), replace(to("Cem", 3), is_sent=False)]
    _, _, counted = words.table(a_rehearsal(*lines)).partition("To each person:\n")
    assert counted.splitlines()[:3] == [
        "  Amy: 1 message (huddle questions 1)",
        "  Ben: 2 messages (huddle questions 1, reminder 1)",
        "",
    ]


def test_what_comes_later_than_it_was_due_says_since_when_and_why() -> None:
    since = NINE - timedelta(hours=12)
    waited = words.waited(since, LONDON, NINE, "quiet hours")
    (row,) = rows(replace(to("Amy"), waited=waited))
    assert "held since Mon 21:00, quiet hours: “Huddle" in row
    assert words.waited(NINE, LONDON, NINE + timedelta(hours=1), "away") == "held since 09:00, away"


def test_a_large_team_is_counted_after_its_first_names() -> None:
    everybody = [to(f"Person {number}", number) for number in range(1, 101)]
    told = " ".join(" ".join(row.split()) for row in rows(*everybody))
    assert "Person 12" in told
    assert "Person 13" not in told
    assert "88 more" in told
    assert words.table(a_rehearsal(*everybody)).endswith(
        "100 messages would be sent to 100 people; 0 lines say what is not sent, and why.\n"
    )


def test_no_row_is_wider_than_a_terminal_and_words_are_cut_whole() -> None:
    long = replace(to("Bartholomew Featherstonehaugh-Cholmondeley of Mousehole"), card=says("word " * 60))
    for row in rows(to("Amy"), long, replace(long, at=NINE + timedelta(hours=1), is_sent=False, why="away " * 60)):
        assert len(row) <= words.WIDTH
        assert not row.endswith("wo…”")
    assert "word word…”" in "".join(rows(long))


def test_where_it_is_another_day_the_weekday_stands_before_the_time() -> None:
    assert rows(to("Amy", at=NINE + timedelta(hours=5), zone=AUCKLAND))[0].startswith("  Wed 03:00 Auckland  Amy")


def test_what_is_not_sent_says_why_and_what_depends_says_on_what() -> None:
    away, nudge = replace(to("Fay"), is_sent=False, card=None, why="away"), replace(to("Amy"), kind="huddle.nudge")
    assert rows(away)[0].endswith("not sent: away")
    assert "unless answered: “Huddle for" in rows(nudge)[0]


def test_a_day_without_anything_says_so_and_the_last_one_until_when() -> None:
    told = words.table(a_rehearsal())
    assert "\nTue 24 Nov 2026: nothing falls due\n" in told
    assert "\nWed 25 Nov 2026, until 09:00: nothing falls due\n" in told
    assert told.endswith("\n0 messages would be sent; 0 lines say what is not sent, and why.\n")


def test_the_head_says_for_whom_when_and_that_nothing_was_sent() -> None:
    head = words.table(a_rehearsal(to("Amy"), under_way=2, person="Amy")).split("\n\n")[0].splitlines()
    assert head[:2] == [
        "Rehearsal for Amy at Northwater",
        "from Tue 24 Nov 2026, 09:00 to Wed 25 Nov 2026, 09:00 (London).",
    ]
    assert head[2].startswith("Nothing was sent, and nothing was changed. It supposes that nobody answers")
    assert head[-1] == "2 messages on the way at that moment: counted as sent, not listed."


def test_names_and_words_can_not_move_the_cursor() -> None:
    told = words.table(a_rehearsal(replace(to("A\x1b[2Jmy"), card=says("\x1b[31mHello\nthere"))))
    assert "\x1b" not in told
    assert "“[31mHello”" in told


# --- the CSV


def test_the_csv_has_a_line_for_each_person_with_both_times() -> None:
    amy, fay = parsed(
        to("Amy", zone=AUCKLAND), replace(to("Fay", 2), is_sent=False, card=None, why="away, no end given")
    )
    assert tuple(amy) == words.COLUMNS
    assert amy == {
        "at_utc": "2026-11-24T09:00:00Z",
        "local_time": "2026-11-24 22:00",
        "zone": "Pacific/Auckland",
        "kind": "huddle.prompt",
        "to": "Amy",
        "what": "huddle questions",
        "text": TEXT,
        "sent": "yes",
        "why": "",
    }
    assert (fay["sent"], fay["why"]) == ("no", "away, no end given")


def test_in_the_csv_too_a_reminder_says_on_what_it_depends() -> None:
    (line,) = parsed(replace(to("Amy"), kind="huddle.nudge"))
    assert (line["sent"], line["why"]) == ("yes", "unless answered")


@pytest.mark.parametrize("name", ["=1+1", "+44 20", "-2", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(name: str) -> None:
    (line,) = parsed(to(name))
    assert line["to"] == f"'{name.strip()}"


def test_commas_and_quotes_come_back_as_they_were_and_of_a_text_its_first_line() -> None:
    amy, ben = parsed(to('Stone, "Amy"'), replace(to("Ben", 2), card=says('"first", he said\nsecond')))
    assert (amy["to"], ben["text"]) == ('Stone, "Amy"', '"first", he said')
