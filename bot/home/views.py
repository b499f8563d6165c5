"""The words of a person's day. Source: domain.md 3.2, `/today`, and K-01."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.blockers import rules as blockers
from bot.blockers.views import help_button, solve_button, tier_words
from bot.chat.cards import (
    ACTIONS_MAX,
    NOTE_MAX,
    NUMBERS_MAX,
    TITLE_MAX,
    Button,
    Buttons,
    Card,
    Divider,
    Element,
    Group,
    Line,
    Note,
    Number,
    Numbers,
    Paragraph,
    Row,
    Title,
)
from bot.chat.words import clock_in, count, day, listing, place_of, short_day, small, typed
from bot.guide.views import SAY
from bot.home import rules
from bot.home.rules import WAITS, Standing
from bot.huddles.room_views import OpenBlocker
from bot.huddles.views import answer_button
from bot.measures.rules import Figure
from storage.huddles import Huddle, HuddleRun

TEAMS_NAMED = 3  # beside the date
HUDDLES_SHOWN = 5  # with a row of their own; a lead may have more, and the others are lines
BLOCKERS_SHOWN = 4  # with their button beside them


@dataclass(frozen=True, slots=True)
class HuddleToday:
    """A huddle of the day. `at` is the instant that its standing speaks of; `reason` says why there is none.

    `focus` is what the person answered to its main question.
    """

    huddle: Huddle
    standing: Standing
    run: HuddleRun | None = None
    at: datetime | None = None
    reason: str = ""
    focus: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """A huddle to come: its own date, and when this person is asked."""

    huddle: Huddle
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of those expected in a huddle have answered."""

    answered: int
    expected: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What one section has to say.

    `needs` counts the things that wait for the person; `is_welcome` says that they are new here, `is_ahead` that
    something is still to come today, or to be reached.
    """

    elements: tuple[Element, ...] = ()
    needs: int = 0
    is_welcome: bool = False
    is_ahead: bool = False


NOTHING = Part()


# --- the whole card


def card(
    name: str, today: date, zone: ZoneInfo, teams: Sequence[str], *, waiting: Sequence[Part], known: Sequence[Part]
) -> Card:
    """A person's day: first what waits for them, then what is good to know; at most ACTIONS_MAX buttons.

    `name` is what colleagues call them; `teams` are the names of theirs.
    """
    parts = (*waiting, *known)
    title = _greeting(name, parts)
    first, then = ([element for part in some for element in part.elements] for some in (waiting, known))
    between = [Divider()] if first and then else []
    elements = (Title(title), _under_title(today, teams), *first, *between, *then, _settings(zone))
    return Card(f"{title}. {day(today)}.", tuple(_with_few_buttons(elements)))


def _greeting(name: str, parts: Sequence[Part]) -> str:
    number = sum(part.needs for part in parts)
    words = f"{small(number).capitalize()} {'thing' if number == 1 else 'things'} for you"
    if not number:
        is_ahead = any(part.is_ahead for part in parts)
        words = "Welcome" if any(part.is_welcome for part in parts) else "Nothing waits for you"
        words = "Your day" if is_ahead and words != "Welcome" else words
    whole = f"{words}, {name}" if name else words
    return whole if len(whole) <= TITLE_MAX else words


def _under_title(today: date, teams: Sequence[str]) -> Note:
    more = [f"{len(teams) - TEAMS_NAMED} more"] if len(teams) > TEAMS_NAMED else []
    words = " · ".join([day(today), *([listing([*teams[:TEAMS_NAMED], *more])] if teams else [])])
    return Note(words if len(words) <= NOTE_MAX else day(today))


def _settings(zone: ZoneInfo) -> Note:
    return Note(f"Times are in your time zone, {zone.key}. Write help to see what you can ask me and change.")


def _with_few_buttons(elements: Sequence[Element]) -> Iterator[Element]:
    """The same in reading order, without the buttons that are too many; what they stood beside stays."""
    left = ACTIONS_MAX
    for each in elements:
        match each:
            case Row(button=Button()) if left == 0:
                yield replace(each, button=None)
            case Row(button=Button()):
                left -= 1
                yield each
            case Buttons(items):
                kept = items[:left]
                left -= len(kept)
                yield from [Buttons(kept)] if kept else []
            case _:
                yield each


def rows(some: Sequence[Row], shown: int, label: str) -> tuple[Element, ...]:
    """The first of them as rows, the others as lines."""
    rest = tuple(Line((row.text,), (row.detail,)) for row in some[shown:])
    return (*some[:shown], *([Group(label, rest)] if rest else []))


# --- today's huddles


def huddles(found: Sequence[HuddleToday], zone: ZoneInfo) -> Part:
    """Today's huddles: those that wait for an answer first, then those to come, then what is settled."""
    order = list(Standing)
    ordered = sorted(found, key=lambda each: order.index(each.standing))
    found_rows = [_huddle(each, zone, primary=not number) for number, each in enumerate(ordered)]
    is_ahead = any(each.standing in {Standing.COMING, Standing.KEPT} for each in found)
    waiting = sum(each.standing in WAITS for each in found)
    return Part(rows(found_rows, HUDDLES_SHOWN, "More huddles"), waiting, is_ahead=is_ahead)


def _huddle(each: HuddleToday, zone: ZoneInfo, *, primary: bool) -> Row:
    what = "No huddle today" if each.standing is Standing.OFF else "Huddle"
    return Row(f"{what} · {each.huddle.name}", _state(each, zone), _answer(each, primary=primary))


def _answer(each: HuddleToday, *, primary: bool) -> Button | None:
    if each.run is None:
        return None
    match each.standing:
        case Standing.OPEN:
            return answer_button(each.run, primary=primary)
        case Standing.LATE:
            return answer_button(each.run, "Add a late answer")
        case Standing.ANSWERED:
            return answer_button(each.run, "Change my answer")
        case _:
            return None


def _state(each: HuddleToday, zone: ZoneInfo) -> str:
    at = clock_in(each.at, zone) if each.at else ""
    match each.standing:
        case Standing.OPEN:
            return f"Open until {at} · one line is enough"
        case Standing.LATE:
            return f"Window closed at {at} · a late answer is welcome until midnight"
        case Standing.COMING:
            return f"Today at {at}"
        case Standing.KEPT:
            return f"Today at {at} · your answer is kept"
        case Standing.ANSWERED:
            focus = f": {each.focus}" if each.focus else ""
            return f"Answered at {at}{focus} · you can change it until midnight"
        case Standing.RUNNING:
            return f"Open until {at}"
        case Standing.HELD:
            return "Closed for today"
        case Standing.NOT_ASKED:
            return "No answer is needed from you today"
        case Standing.OFF:
            return each.reason[:1].upper() + each.reason[1:]
        case Standing.MISSED:
            return "I was away at its time, so no huddle was counted"


# --- away


def away(until: date | None, today: date) -> Part:
    """An absence that covers today, and the way back."""
    if until is None:
        words = "You're away until you say that you are back"
    else:
        words = "You're away today" if until == today else f"You're away until {short_day(until)}"
    back = Button("I'm back", SAY, {"text": "/huddle back"}, spoken="I'm back: end my absence")
    return Part((Row(words, "I won't ask you, and the team's run is not affected", back),))


# --- blockers


def in_the_way(found: Sequence[OpenBlocker], person_id: int, today: date) -> Part:
    """Open blockers in the order given, each with the press that settles it."""
    blocked = [_blocker(each, person_id, today) for each in found]
    needs = sum(rules.needs(each.blocker, person_id) for each in found)
    return Part(rows(blocked, BLOCKERS_SHOWN, "Also in the way"), needs)


def _blocker(each: OpenBlocker, person_id: int, today: date) -> Row:
    blocker = each.blocker
    facts = [_age(each, today)]
    facts += ["a customer is without service"] if blocker.customer_stopped else []
    facts += [up] if (up := tier_words(blocker)) else []
    facts += [f"from {each.raiser}"] if blocker.raised_by != person_id else []
    if blocker.taken_by == person_id:
        facts.append("in your hands")
    elif each.helper:
        facts.append(f"with {each.helper}")
    elif each.waits_for:
        facts.append(f"needs {each.waits_for}")
    press = None
    if rules.is_mine(blocker, person_id):
        press = solve_button(blocker)
    elif blocker.taken_by is None:
        press = help_button(blocker)
    return Row(blocker.text, " · ".join([*facts, blocker.code]), press)


def _age(each: OpenBlocker, today: date) -> str:
    is_older = not each.age_days and each.blocker.raised_on < today  # since Friday, seen on Saturday
    return f"Open {f'since {short_day(each.blocker.raised_on)}' if is_older else blockers.age_words(each.age_days)}"


# --- customer numbers


def figures(found: Sequence[tuple[str, Figure]]) -> Part:
    """The newest numbers side by side, each with the name of its measure; those that are missing in words."""
    there = [each for _, each in found if each.value][:NUMBERS_MAX]
    missing = [
        Paragraph((f"{name}: {each.label[:1].lower()}{each.label[1:]}.",)) for name, each in found if not each.value
    ]
    items = tuple(Number(each.value, each.label, each.change) for each in there)
    return Part((*([Numbers(items)] if items else []), *missing[:NUMBERS_MAX]))


# --- what comes next


def coming_up(found: Sequence[Next], zone: ZoneInfo) -> Part:
    """The next huddles, at this person's clock times."""
    lines = tuple(Line((_next(each, zone),), _elsewhere(each, zone)) for each in found)
    return Part((Group("Coming up", lines),)) if lines else NOTHING


def _next(each: Next, zone: ZoneInfo) -> str:
    return f"{short_day(each.at.astimezone(zone).date())}, {clock_in(each.at, zone)} · Huddle, {each.huddle.name}"


def _elsewhere(each: Next, zone: ZoneInfo) -> tuple[str, ...]:
    """The clock time that the others know it by."""
    there = ZoneInfo(each.huddle.zone)
    same = each.huddle.mode is Huddle.Mode.LOCAL or clock_in(each.at, there) == clock_in(each.at, zone)
    return () if same else (f"{clock_in(each.at, there)} in {place_of(there)}",)


# --- for those who look after it


def oversight(
    led: Sequence[tuple[str, Counts]], *, number: int = 0, others: Counts | None = None, unsent: int = 0
) -> Part:
    """How many have answered in the huddles that somebody leads, each by its name; never who has not.

    Administrators see also the counts of the `number` of `others` that are open, and how much could not be sent.
    """
    facts = [_answered(name, counts) for name, counts in led]
    facts += [_answered(f"{count(number, 'huddle')} open now", others)] if others is not None and number else []
    if unsent:
        facts.append(f"{count(unsent, 'message')} could not be sent. My report to administrators says which, and why.")
    return Part(tuple(Note(fact) if len(fact) <= NOTE_MAX else Paragraph((fact,)) for fact in facts))


def _answered(what: str, counts: Counts) -> str:
    if not counts.expected:
        return f"{what}: nobody was expected"
    return f"{what}: {counts.answered} of {counts.expected} answered{' so far' if counts.is_open else ''}"


# --- the first day


def may_set_up_a_team(*, is_first: bool) -> Part:
    """An administrator who belongs to no team; `is_first` while there is none at all."""
    command = typed("team setup")
    if is_first:
        words = f"There is no team yet. Write {command} in the channel that is to have one; its huddle comes next."
    else:
        words = f"You are in no team, so no huddle asks you. Another team is set up with {command}."
    presses = (_ask("Set up a team", "/team setup", opens_form=True), _help())
    return Part((Paragraph((words,)), Buttons(presses)), is_welcome=is_first)


def no_team(administrators: Sequence[str]) -> Part:
    """Anybody else who belongs to no team."""
    who = administrators[0] if administrators else "The person who installed me"
    words = f"You are in no team yet, so no huddle asks you. {who} can add you to one."
    return Part((Paragraph((words,)), Buttons((_help(),))), is_welcome=True)


def no_huddle(team: str, lead: str, *, may_set_up: bool) -> Part:
    """Somebody whose teams have no huddle."""
    if may_set_up:
        command = typed("huddle setup")
        words = f"{team} has no huddle yet. Give it one with {command}: its days, its time, and who is asked when."
        return Part(
            (Paragraph((words,)), Buttons((_ask("Set up a huddle", "/huddle setup", opens_form=True), _help())))
        )
    words = f"{team} has no huddle yet. {lead or 'An administrator'} can set one up."
    return Part((Paragraph((words,)), Buttons((_help(),))))


def _ask(text: str, line: str, *, opens_form: bool = False) -> Button:
    """A press that stands for a line somebody could type."""
    return Button(text, SAY, {"text": line}, opens_form=opens_form)


def _help() -> Button:
    return _ask("What you can ask me", "/help")


def day_is_over(on: date) -> str:
    """E-06 for `/today 2 Nov` on 23 November, which reads as next year's."""
    way = f"For a day that is over, there is {typed('huddle summary 2 Nov')}"
    return f"I read that as {day(on)}, and `{typed('today')}` looks ahead only so far. {way}. Nothing was changed."
