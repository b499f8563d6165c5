"""The words for help, for what can't be done, and for Undo. Source: domain.md 3.3."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import (
    BUTTON_MAX,
    BUTTONS_MAX,
    LINES_SHOWN,
    Button,
    Buttons,
    Card,
    Group,
    Line,
    Note,
    Paragraph,
    Title,
)
from bot.chat.commands import AmbiguousDate, Misplaced, Problem, UnclosedQuote, UnknownVerb, UnreadableDate
from bot.chat.errors import Declined, SeveralPeople
from bot.chat.routing import Command, Who
from bot.chat.spans import Bold
from bot.chat.words import clock_in, cut, day, listing, long_day, moment, typed
from bot.guide.terms import Term

UNDO = "Undo"
UNDO_SPOKEN = "Undo this, within five minutes"
SAY = "say"
ANYTHING = "For you"
FIRST_SHOWN = 4  # of a topic with more verbs than a list shows
# Verbs of one word that others of several words begin with.
TOPICS = frozenset(
    {"agenda", "council", "help", "huddle", "milestones", "search", "settings", "today", "train", "weekly"}
)
SAID_MAX = 1500  # characters a button can carry on every platform


def unknown_verb(written: str, nearest: str) -> str:
    """E-02."""
    guess = f" Did you mean `{nearest}`?" if nearest else ""
    return f"I don't know `{written}`.{guess} Try `{typed('help')}`."


def not_allowed(who: Who) -> str:
    """E-03."""
    return f"Only {who} can do that. Nothing was changed."


def old_button() -> str:
    """A button or form that this version of the bot has no use for any more."""
    gone = "That button is from an older message and does nothing any more. Nothing was changed."
    return f"{gone} Try `{typed('help')}`."


def stranger(admins: Sequence[str]) -> str:
    """E-01."""
    whom = f"Ask {admins[0]} to add you." if admins else "Ask the person who installed me to add you."
    return f"I don't know you yet. {whom}"


def said_once() -> str:
    """Instead of an answer that is given only once."""
    return "I gave you that once already, and I don't keep it. Please press the button again."


def not_saved(why: str, reference: str) -> str:
    """The database can't do its work."""
    return f"I can't save anything just now: {why}. Nothing was changed; please try again. Reference {reference}."


def went_wrong(reference: str) -> str:
    """A fault of ours."""
    return f"Something went wrong on my side, nothing was changed. Reference {reference}."


def problem(found: Problem, line: str) -> Declined:
    """What is wrong with a line, and the ways on."""
    match found:
        case UnknownVerb(written, nearest):
            ways = (Button(f"Try {nearest}"[:40], SAY, {"text": f"/{nearest}"}),) if nearest else ()
            return Declined(unknown_verb(written, nearest), code="E-02", ways=ways)
        case UnreadableDate(text):
            return Declined(unreadable_date(text), code="E-06")
        case AmbiguousDate(text, day_first, month_first):
            return _which_date(text, sorted((day_first, month_first)), day_first, line)
        case Misplaced(verb, text):
            return Declined(
                f"I don't know what '{cut(text)}' means after `{typed(verb)}`. Nothing was changed. "
                f"Try `{typed(f'help {verb}')}`."
            )
        case UnclosedQuote(text):
            return Declined(f"A quotation mark is open in: {cut(text)}. Please close it and send the line again.")


def unreadable_date(text: str) -> str:
    """E-06."""
    if re.fullmatch(r"0+ ?(?:d|days?|wd)?", text):
        return (
            f"'{cut(text)}' is no day. `ooo 1` is today, `ooo 2` today and the next working day. Nothing was changed."
        )
    return f"I don't understand the date '{cut(text)}'. Examples: fri, +5d, 2026-12-18. Nothing was changed."


def _which_date(text: str, choices: Sequence[date], day_first: date, line: str) -> Declined:
    other = next(each for each in choices if each != day_first)
    words = (
        f"I can't tell whether {text} is {long_day(day_first)} or {long_day(other)}. "
        f"Please write {day_first.isoformat()}. Nothing is changed yet."
    )
    fits = len(line) <= SAID_MAX
    ways = tuple(
        Button(
            day(each),
            SAY,
            {"text": _with_date(line, text, each)},
        )
        for each in choices
        if fits
    )
    return Declined(words, ways=ways)


def _with_date(line: str, text: str, on: date) -> str:
    """The line with one date written so that it can't be misread."""
    return re.sub(rf"(?<![\w/.-]){re.escape(text)}(?![\w/-])", on.isoformat(), line, count=1)


def help_card(commands: Sequence[Command], name: str) -> Card:
    """What this person can type; of a topic with many verbs the first few, and how to see the others."""
    groups = by_topic(commands)
    return Card(
        f"{len(commands)} things you can ask me, {name}.",
        (
            Title("What you can ask me"),
            Note("In direct messages no slash is needed, and a line that is no command answers your open huddle."),
            *(Group(topic, _in_short(topic, found)) for topic, found in groups.items()),
            Note(role(commands)),
            Buttons((_say("A short tour", "/help first"), _say("What words mean", "/help term"))),
        ),
    )


def role(commands: Sequence[Command]) -> str:
    """For whom a list of commands is, seen from what stands in it."""
    who = {each.who for each in commands}
    if Who.ADMIN in who:
        return "You administer the bot, so you see everything, also what leads of teams may do."
    if Who.LEAD in who:
        return "You lead a team, so you also see what leads may do."
    return "Setting up teams and huddles is for leads of teams and administrators."


def topic_card(topic: str, commands: Sequence[Command]) -> Card:
    """Every verb of one topic, each with its examples."""
    lines = tuple(_line(each, each.examples) for each in commands)
    groups = [lines[start : start + LINES_SHOWN] for start in range(0, len(lines), LINES_SHOWN)]
    labels = ("What you can type", *("And also" for _ in groups[1:]))
    return Card(
        f"{len(commands)} things you can ask me about {topic.lower()}.",
        (Title(topic), *(Group(label, group) for label, group in zip(labels, groups, strict=True))),
    )


def by_topic(commands: Sequence[Command]) -> dict[str, list[Command]]:
    """Commands under what they are about, in the order given."""
    groups: dict[str, list[Command]] = {}
    for each in commands:
        groups.setdefault(_topic(each), []).append(each)
    return groups


def _in_short(topic: str, found: Sequence[Command]) -> tuple[Line, ...]:
    if len(found) <= LINES_SHOWN:
        return tuple(_line(each, _given(each)) for each in found)
    more = f"{len(found) - FIRST_SHOWN} more: write {typed(f'help {topic.lower()}')}"
    return (*(_line(each, _given(each)) for each in found[:FIRST_SHOWN]), Line((more,)))


def _given(command: Command) -> tuple[str, ...]:
    return (command.example,) if command.example else ()


def _line(command: Command, examples: Sequence[str]) -> Line:
    about = (Bold(typed(command.usage.verb)), f"  {command.about}")
    return Line(about, ("  ·  ".join(as_typed(each) for each in examples),) if examples else ())


def _topic(command: Command) -> str:
    """What a verb of several words is about; those of one word stand together."""
    first, *more = command.usage.verb.split()
    return first.capitalize() if more or first in TOPICS else ANYTHING


def help_about(command: Command) -> Card:
    """One command, with two examples and what may be added."""
    return Card(
        f"{typed(command.usage.verb)}: {command.about}",
        (
            Title(typed(command.usage.verb)),
            Paragraph((command.about,)),
            Group("For example", tuple(Line((as_typed(each),)) for each in command.examples)),
            *((Group("What you can add", tuple(Line((each,)) for each in command.keys)),) if command.keys else ()),
        ),
    )


def as_typed(example: str) -> str:
    """An example as it is typed where this is read."""
    return typed(example[1:]) if example.startswith("/") else example


def _say(text: str, line: str, *, opens_form: bool = False) -> Button:
    """A press that stands for a line somebody could type."""
    return Button(text, SAY, {"text": line}, opens_form=opens_form)


# --- the tour


def tour(commands: Sequence[Command]) -> Card:
    """`/help first`: how the days go, in the order in which somebody meets it."""
    verbs = {each.usage.verb for each in commands}
    steps = [
        ("Your day", f"{typed('today')} shows what is due; on working mornings it comes by itself at 08:30."),
        ("The huddle", "Each day I ask you a few questions. Press Answer, or write one line."),
        ("Something in the way", "Say it in your answer. It gets a number, and somebody who helps."),
        ("Things to do", f"{typed('action add')} gives somebody one thing with a date; they say yes or no."),
        ("Done", "Write done A-104, with the number that stands on it."),
        ("Away", "Write away until fri, and I leave you in peace. back ends it."),
    ]
    if "team setup" in verbs:
        steps.append(("For leads", f"{typed('team setup')} in your channel, then {typed('huddle setup')}."))
    lines = tuple(Line((Bold(what), f"  {how}")) for what, how in steps)
    return Card(
        "A short tour: how a day goes with me.",
        (
            Title("A short tour"),
            Note("Two minutes to read. Nothing of it has to be learnt by heart."),
            Group("", lines, numbered=True),
            Buttons(
                (
                    _say("Try a practice huddle", "/huddle practice", opens_form=True),
                    _say("What is due today", "/today"),
                    _say("What you can ask me", "/help"),
                )
            ),
        ),
    )


# --- what words mean


def term(found: Term) -> Card:
    """`/help term streak`."""
    also = (Note(f"Also called: {', '.join(found.also)}."),) if found.also else ()
    show = (Buttons((_say("Show me", f"/{found.try_it}"),)),) if found.try_it else ()
    return Card(f"{found.name}: {found.means}", (Title(found.name), Paragraph((found.means,)), *also, *show))


def all_terms(terms: Sequence[Term]) -> Card:
    """`/help term`: every word of ours, in order."""
    names = ", ".join(sorted((each.name for each in terms), key=str.casefold))
    ask = f"Ask for one of them: {typed('help term streak')}"
    return Card(f"{len(terms)} words of ours.", (Title("What our words mean"), Paragraph((names,)), Note(ask)))


def no_term(words: str, near: Sequence[str]) -> Declined:
    """A word that is not ours, and those that it nearly is."""
    guess = f" Did you mean {listing(near, 'or')}?" if near else ""
    ways = tuple(_say(each, f"/help term {each}") for each in near)
    return Declined(f"'{words[:40]}' is no word of ours.{guess} {typed('help term')} lists them all.", ways=ways)


def undone() -> str:
    """Undo worked."""
    return "Undone. Everything is as it was before."


def too_late() -> str:
    """Undo after its five minutes."""
    return "Undo works for five minutes, and those are over. Nothing was changed."


def changed_since() -> str:
    """Undo after somebody else changed the same thing."""
    return "This has changed since, so I left it as it is. Nothing was changed."


def built_on() -> str:
    """Undo after something was built on what it would take away."""
    return "Something stands on it by now, such as a huddle that was held, so it can't be undone. Nothing was changed."


def undone_before() -> str:
    """Undo pressed twice."""
    return "That was undone already. Nothing was changed."


def not_yours() -> str:
    """Undo pressed by somebody else."""
    return "Only the person who did it can undo it. Nothing was changed."


def jumped(now: datetime, steps: Sequence[tuple[datetime, str]], zone: ZoneInfo) -> str:
    """What happened while a simulated clock was moved, for the time bar: `09:25, nudge sent to 2 people`.

    A step without words was handled, but there is nothing to tell of it.
    """
    if not steps:
        return f"It is {moment(now, zone)}. Nothing was due."
    told = [f"{clock_in(at, zone)}, {what}" for at, what in steps if what]
    return "; ".join(told[-3:]) or f"It is {moment(now, zone)}."


def which_person(name: str, found: Sequence[str]) -> str:
    """E-10, and E-04 for people."""
    if not found:
        return f"I can't find anybody called '{cut(name)}'. Nothing was changed."
    match = f"{len(found)} people match '{cut(name)}': {', '.join(found)}."
    return f"{match} Which one? Press a name, or write it whole. Nothing is changed yet."


def with_person(problem: SeveralPeople, line: str) -> Declined:
    """E-10 with a button for each of those who match: the same line, in which that person is named."""
    name = rf'(?P<quote>"?){re.escape(problem.name)}(?P=quote)(?![\w-])'
    where = re.search(rf"@{name}", line, re.IGNORECASE) or re.search(rf"(?<=:){name}", line, re.IGNORECASE)
    lines = [(label, f"{line[: where.start()]}{mention}{line[where.end() :]}") for label, mention in problem.choices
             if where is not None]  # fmt: skip
    ways = tuple(
        Button(label if len(label) <= BUTTON_MAX else f"{label[: BUTTON_MAX - 1]}…", SAY, {"text": text})
        for label, text in lines[:BUTTONS_MAX]
        if len(text) <= SAID_MAX
    )
    return Declined(problem.words, code=problem.code, ways=ways)


def only_their_lead(name: str) -> str:
    """E-03 for somebody else's absence."""
    return f"Only {name} or the lead of their team can do that. Nothing was changed."


def not_their_team(code: str, team: str) -> str:
    """E-03 for another team's things."""
    return f"{code} belongs to {team}; somebody of that team or the one who raised it can do that. Nothing was changed."


def too_long(longest: int, length: int) -> str:
    """A line of text that is longer than a button can carry."""
    return f"That is {length} characters, and I can keep {longest} for later. Please send it in a shorter form."


def only_admin() -> str:
    """E-03 for set-up."""
    return "Only an administrator, or the team's lead, can do that. Nothing was changed."
