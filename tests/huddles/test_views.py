"""Laws of what people see of a huddle: kind words, few buttons, and nobody named for their silence."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.blockers import reply_views as blocker_replies
from bot.blockers import views as blocker_views
from bot.chat.cards import ACTIONS_MAX, Button, Buttons, Card, Note, Title, buttons_of
from bot.chat.forms import OPTIONS_MAX, Form, OneOf
from bot.chat.spans import Colour, Link, Mention, When
from bot.huddles import absence_views, form_views, refusal_views, room_views, rules, setup_views, step_views, views
from bot.huddles.room_views import Away, Contents, Given, OpenBlocker, Voice
from bot.measures.rules import Figure
from storage.huddles import Expectation
from storage.people import Department
from tests.support.drawing import drawn
from tests.support.for_every import for_every
from tests.support.huddle_rows import (
    LONDON,
    NINE_THIRTY,
    TUESDAY,
    State,
    Status,
    a_blocker,
    a_huddle,
    a_run,
    an_answer,
    an_expectation,
    at,
)
from tests.support.reading import shown_in, words_of
from tests.support.shown import EMPTY, FRIDAY, ONLY_IN_THE_ROOM, SHOWN, a_summary

CARDS = {name: shown for name, shown in SHOWN.items() if isinstance(shown, Card)}
FORMS = {name: shown for name, shown in SHOWN.items() if isinstance(shown, Form)}
VIEWS = sorted(path for path in Path(bot.__path__[0]).rglob("*.py") if path.stem.endswith("views"))
BLAME = re.compile(r"\b(?:fail\w*|forg[eo]t\w*|lazy|ignor\w*|guilt\w*|shame\w*|blame\w*|bad)\b", re.IGNORECASE)
SHOUT = re.compile(r"\w!")  # a regular expression may hold one
EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")


def our_words(path: Path) -> Iterator[str]:
    """Every text in a file of views, apart from its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


# --- wording


def test_there_are_views_to_look_at() -> None:
    assert len(VIEWS) >= 5


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_no_words_of_ours_shout_blame_or_smile(path: Path) -> None:
    for text in our_words(path):
        assert not SHOUT.search(text)
        assert not BLAME.search(text)
        assert not EMOJI.search(text)


@for_every(sorted(SHOWN))
def test_no_card_shouts_blames_or_smiles(name: str) -> None:
    text = drawn(SHOWN[name])
    assert "!" not in text
    assert not BLAME.search(text)
    assert not EMOJI.search(text)


@pytest.mark.parametrize(
    "words",
    [
        refusal_views.not_in_it(a_huddle()),
        refusal_views.closed_for_good(a_run()),
        refusal_views.only_lead(a_huddle(), "Dana"),
        refusal_views.only_lead(a_huddle(), ""),
        refusal_views.already_over(TUESDAY),
        setup_views.no_team("Oakley"),
        blocker_views.already(a_blocker(), "taken"),
        blocker_views.unknown("B-99"),
    ],
)
def test_a_refusal_says_that_nothing_was_changed(words: str) -> None:
    assert "nothing was changed" in words.lower()


@pytest.mark.parametrize("number", [0, 1, 5, 200])
def test_a_step_says_in_a_few_words_what_it_did(number: int) -> None:
    assert 0 < len(step_views.asked(number)) < 30
    assert 0 < len(step_views.nudged(number)) < 30


def test_a_lead_s_reason_stands_as_a_sentence() -> None:
    for reason in ("training", "training.", "why not?"):
        card = views.skipped(a_huddle(), a_run(reason=absence_views.skip_reason("Dana", reason)))
        assert card.summary.endswith(f"Skipped by Dana: {reason.rstrip('.')}{'' if reason.endswith('?') else '.'}")


def test_a_reason_of_any_length_can_be_shown() -> None:
    reason = absence_views.skip_reason("Dana", "The gate is shut. " * 300)
    assert reason.strip() in words_of(views.skipped(a_huddle(), a_run(reason=reason)))


def test_a_day_without_a_huddle_is_named_and_not_called_today() -> None:
    card = views.skipped(a_huddle(), a_run(on=FRIDAY, reason="Skipped by Dana"))
    assert "today" not in f"{card.summary} {words_of(card)}"
    assert "Fri 27 Nov" in words_of(card)


# --- shape


@for_every(sorted(CARDS))
def test_at_most_one_button_is_primary_and_none_in_the_room(name: str) -> None:
    primary = [each for each in buttons_of(CARDS[name]) if isinstance(each, Button) and each.primary]
    assert len(primary) <= (0 if name in ONLY_IN_THE_ROOM else 1)


@for_every(sorted(CARDS))
def test_buttons_are_short_and_few(name: str) -> None:
    rows = [each.items for each in CARDS[name].elements if isinstance(each, Buttons)]
    assert all(len(row) <= 4 for row in rows)
    assert len(buttons_of(CARDS[name])) <= ACTIONS_MAX
    assert all(len(each.text) <= 25 for each in buttons_of(CARDS[name]))


@for_every(sorted(CARDS))
def test_the_title_comes_first_and_is_short(name: str) -> None:
    titles = [n for n, each in enumerate(CARDS[name].elements) if isinstance(each, Title)]
    assert titles in ([], [0])
    assert all(len(each.text) <= 45 for each in CARDS[name].elements if isinstance(each, Title))


@for_every(sorted(CARDS))
def test_a_card_says_what_it_is_in_one_plain_sentence(name: str) -> None:
    assert CARDS[name].summary == CARDS[name].summary.strip()
    assert "\n" not in CARDS[name].summary


@for_every(sorted(FORMS))
def test_an_input_has_an_id_of_its_own(name: str) -> None:
    ids = [each.id for each in FORMS[name].inputs]
    assert len(ids) == len(set(ids))


def test_blockers_come_before_focus() -> None:
    text = drawn(SHOWN["summary"])
    assert text.index("In the way:") < text.index("heard by") < text.index("Today's focus:")


def test_counts_come_before_percentages() -> None:
    assert "4 of 5 answered by 09:30 (80%)" in drawn(SHOWN["summary"])


@pytest.mark.req("S4-08", "INV-18")
def test_what_is_missing_is_never_nought() -> None:
    assert "n/a" in drawn(SHOWN["summary-nobody-expected"])
    assert "%" not in drawn(SHOWN["summary-nobody-expected"])
    assert "No number for yesterday" in drawn(SHOWN["prompt-no-number-yesterday"])
    assert "not reported" in drawn(SHOWN["measures"])


def test_a_form_has_room_for_two_hundred_departments_teams_and_numbers() -> None:
    departments = [Department(id=n, name=f"Depot {n}") for n in range(1, 201)]
    form = form_views.form(a_huddle(), a_run(), departments, {}, figure=None, filled=False, until="open")
    pairs = [(str(n), f"Depot {n}") for n in range(1, 201)]
    set_up = setup_views.form(pairs, pairs, {}, None)
    fixed = {"mode", "asks", "summary"}
    choices = [each for each in (*form.inputs, *set_up.inputs) if isinstance(each, OneOf) and each.id not in fixed]
    assert [len(each.options) for each in choices] == [OPTIONS_MAX] * 3


def test_a_refused_answer_form_keeps_what_was_typed() -> None:
    shown = SHOWN["form-refused"]
    assert isinstance(shown, Form)
    assert shown_in(shown)["finished"] == "Closed 5 of the 6 Mill Lane pressure jobs"
    assert shown_in(shown)["stopped"] == "yes"


def test_the_room_is_told_of_ten_who_are_away_and_how_many_more() -> None:
    away = [Away(f"Ada{n}", None) for n in range(1, 201)]
    note = next(each for each in a_summary(Contents((), (), (), away, None, 0)).elements[2:] if isinstance(each, Note))
    assert note.text.endswith("Ada10 and 190 more")


def test_a_streak_of_one_is_not_mentioned() -> None:
    assert "in a row" not in drawn(a_summary(Contents((), (), (), (), None, streak=1)))
    assert "2 huddles in a row" in drawn(a_summary(Contents((), (), (), (), None, streak=2)))


# --- silence


names = st.lists(
    st.sampled_from(["Ada", "Bo", "Cyd", "Dana", "Eve", "Flo", "Gus", "Hal", "Ivy", "Jo"]), min_size=2, unique=True
)
statuses = st.sampled_from(Status)


def _told(team: Sequence[tuple[str, Expectation.Status]]) -> Contents:
    """What is gathered of a run: who answered, and who is away."""
    late = [(name, status is Status.ANSWERED_LATE) for name, status in team if status.name.startswith("ANSWERED")]
    return Contents(
        given=[Given(name, an_answer("Mill Lane", is_late=is_late), at(9, 20)) for name, is_late in late],
        blockers=[OpenBlocker(a_blocker(), name, 0, "Call centre", "") for name, _ in late[:1]],
        voices=[Voice("Thank you.", "V-9", name) for name, _ in late[:1]],
        away=[Away(name, None) for name, status in team if status is Status.ABSENT],
        figure=Figure("First-time fix yesterday", "78%"),
        streak=3,
    )


@pytest.mark.req("INV-22")
@given(st.data())
def test_nobody_silent_is_named_in_the_room(data: st.DataObject) -> None:
    team = [(name, data.draw(statuses)) for name in data.draw(names)]
    run = a_run(state=State.CLOSED)
    rules.recount(run, [an_expectation(status) for _, status in team])
    tells = _told(team)
    cards = (
        room_views.summary(a_huddle(), run, tells, LONDON),
        room_views.header(a_huddle(), run, figure=tells.figure, away=tells.away, zone=LONDON),
        room_views.details(a_huddle(), run, tells.given),
    )
    shown = set(re.findall(r"\w+", "\n".join(drawn(card) for card in cards)))
    told = {Status.ANSWERED, Status.ANSWERED_LATE, Status.ABSENT}
    assert shown.isdisjoint(name for name, status in team if status not in told)
    assert shown.issuperset(name for name, status in team if status in told)


@given(
    st.integers(min_value=0, max_value=8), st.integers(min_value=0, max_value=8), st.integers(min_value=0, max_value=8)
)
def test_the_counts_of_a_summary_are_those_of_its_run(on_time: int, late: int, silent: int) -> None:
    expected = on_time + late + silent
    text = drawn(a_summary(EMPTY, on_time=on_time, late=late, expected=expected))
    assert f"{on_time} of {expected} answered by 09:30" in text or expected == 0
    assert ("by now" in text) is (late > 0)
    assert (f"all {expected} by now" in text) is (late > 0 and silent == 0)


# --- what people write


HOSTILE = (
    "<b>bold</b> & <script>alert(1)</script>",
    "*bold* _it_ ~no~ `code`",
    "<!channel> <@U024BE7LH> <https://evil.example|the agenda>",
    "[the agenda](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "@Dana @channel",
    "<at>Dana</at>",
    "{{run.id}} {0} %s ${HOME}",
    "# Title\n> quote\n---\n- line",
    "\u202edrowssap\u202c",
    "'); DROP TABLE huddle; --",
)
written = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=60).map(str.strip).filter(bool)


def parts_of(thing: object) -> Iterator[object]:
    """A card and everything in it."""
    yield thing
    if is_dataclass(thing) and not isinstance(thing, type):
        for each in fields(thing):
            yield from parts_of(getattr(thing, each.name))
    elif isinstance(thing, tuple):
        for each in thing:
            yield from parts_of(each)


@given(written)
def test_what_people_write_is_shown_letter_by_letter_and_makes_nothing(text: str) -> None:
    answer = an_answer(text, finished=text, blocker=f"Van 12 {text}", customer=f"She said {text}")
    blocker = a_blocker(text)
    waits = OpenBlocker(blocker, raiser="Cem", age_days=0, waits_for="", helper="")
    contents = Contents([Given("Cem", answer, at(9, 24))], [waits], [Voice(text, "V-9", "Cem")], (), None, 0)
    cards = (
        a_summary(contents),
        room_views.details(a_huddle(), a_run(), contents.given),
        views.prompt(a_huddle(), a_run(), None, text, until=NINE_THIRTY, zone=LONDON),
        views.which_day(text, a_run(), FRIDAY, a_huddle()),
        views.closed_ask_next(TUESDAY, FRIDAY, a_huddle(), text),
        views.skipped(a_huddle(), a_run(reason=absence_views.skip_reason("Dana", text))),
        blocker_replies.solved(blocker),
        blocker_replies.taken(blocker, "Cem"),
        blocker_replies.told(blocker, "Raj"),
    )
    for card in cards:
        assert text in words_of(card)
        assert not any(isinstance(each, Link | Mention | When | Colour) for each in parts_of(card.elements))
    answered = views.answered(
        a_huddle(),
        a_run(),
        answer,
        blocker=blocker,
        waits_for="",
        name="Cem",
        zone=LONDON,
        can_change=True,
        summary_at=None,
        lead="Dana",
    )
    assert words_of(answered).count(text) >= 4


@given(st.text(min_size=1, max_size=75))
def test_a_huddle_of_any_name_can_be_shown(name: str) -> None:
    huddle = a_huddle(name=name)
    run = a_run(state=State.CLOSED, on_time=4)
    for card in (
        room_views.summary(huddle, run, EMPTY, LONDON),
        room_views.header(huddle, run, figure=None, away=(), zone=LONDON),
        views.prompt(huddle, run, None, "", until=NINE_THIRTY, zone=LONDON),
        views.window_closed(huddle, run, NINE_THIRTY, LONDON),
    ):
        assert name in f"{card.summary}\n{words_of(card)}"
