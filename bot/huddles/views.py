"""Every word about huddles: prompt, form, confirmation, nudge, header, summary, details. Source: domain.md 3.4, K-02, K-03."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.blockers import rules as blockers
from bot.blockers.views import help_button, solve_button
from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Number, Numbers, Paragraph, Title, Words
from bot.chat.forms import Form, Input, OneOf, Option, SomeOf, TextInput
from bot.chat.spans import Bold
from bot.chat.words import clock_in, count, day, listing, percent, place_of, short_day, small
from bot.huddles import rules
from bot.measures.rules import Figure
from storage.blockers import Blocker
from storage.huddles import Huddle, HuddleAnswer, HuddleRun
from storage.people import Absence, Department

NOBODY = "none"
LABELS = {"plan": "Finished", "focus": "Today", "blocker": "In the way", "customer": "From a customer"}


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who is not asked, and until when."""

    name: str
    until: date | None


@dataclass(frozen=True, slots=True)
class OpenBlocker:
    """A blocker with what stands beside it."""

    blocker: Blocker
    raiser: str
    age_days: int
    waits_for: str
    helper: str


@dataclass(frozen=True, slots=True)
class Given:
    """One person's answer, for the room."""

    name: str
    answer: HuddleAnswer
    given_at: datetime
    """When it was first given."""


# --- what one person sees


def prompt(
    huddle: Huddle, run: HuddleRun, figure: Figure | None, plan: str, *, until: datetime, zone: ZoneInfo
) -> Card:
    """P-02: the questions, open until a clock time."""
    ends = clock_in(until, zone)
    asks = tuple(Line((each["text"] + ("" if each["required"] else " (optional)"),)) for each in huddle.questions)
    yours: tuple[Element, ...] = (Paragraph(("Your plan from last time: ", Bold(plan))),) if plan else ()
    buttons = [_answer_button(run, primary=True)]
    if plan:
        buttons.append(
            Button(
                "Same as yesterday's plan",
                "huddle.same",
                _ids(run),
                opens_form=True,
                spoken="Answer with yesterday's plan filled in",
            )
        )
    buttons.append(Button("I'm away today", "huddle.away_today", _ids(run)))
    return Card(
        f"Huddle for {huddle.name}, open until {ends}. One line is enough: press Answer or just reply here.",
        (
            Title(f"Huddle · {huddle.name}"),
            Note(f"{short_day(run.local_date)} · open until {ends} · about two minutes"),
            *_number(figure),
            Group("", asks, numbered=True),
            *yours,
            Buttons(tuple(buttons)),
            Note("Or just reply here. One line is enough."),
        ),
    )


def _number(figure: Figure | None) -> tuple[Element, ...]:
    if figure is None:
        return ()
    if not figure.value:
        return (Paragraph((figure.label,)),)
    return (Numbers((Number(figure.value, figure.label, figure.change),)),)


def _ids(run: HuddleRun) -> dict[str, str]:
    return {"run": str(run.id)}


def _answer_button(run: HuddleRun, text: str = "Answer", *, primary: bool = False) -> Button:
    spoken = "Answer today's huddle" if text == "Answer" else ""
    return Button(text, "huddle.form", _ids(run), primary=primary, opens_form=True, spoken=spoken)


def answered(
    huddle: Huddle,
    run: HuddleRun,
    answer: HuddleAnswer,
    blocker: Blocker | None,
    waits_for: str,
    *,
    name: str,
    given_at: datetime,
    zone: ZoneInfo,
    can_change: bool,
    summary_at: str,
    lead: str,
) -> Card:
    """K-02's other side: what was noted, and what happens next."""
    title = f"Thank you, {name}. Noted at {clock_in(given_at, zone)}"
    blocks: list[Element] = [Title(title), Note(_when(huddle, run, answer))]
    blocks.append(Group("", _noted(huddle, answer, blocker, waits_for)))
    still_open = blocker if blocker is not None and blockers.is_open(blocker) else None
    if still_open and not still_open.taken_by and lead:
        blocks.append(Paragraph((f"{still_open.code} stands in the summary, where {lead} and the team see it.",)))
    buttons = [_answer_button(run, "Change my answer")] if can_change else []
    buttons += [solve_button(still_open)] if still_open else []
    blocks += [Buttons(tuple(buttons))] if buttons else []
    blocks += [Note(f"You can change this until midnight.{summary_at}")] if can_change else []
    ending = " You can change your answer until midnight." if can_change else ""
    return Card(f"{title}.{ending}", tuple(blocks))


def _when(huddle: Huddle, run: HuddleRun, answer: HuddleAnswer) -> str:
    late = " · late" if answer.is_late else ""
    edited = " · changed" if rules.is_edited(answer) else ""
    return f"Huddle · {huddle.name} · {short_day(run.local_date)}{late}{edited}"


def _noted(huddle: Huddle, answer: HuddleAnswer, blocker: Blocker | None, waits_for: str) -> tuple[Line, ...]:
    lines = []
    for question in huddle.questions:
        text = answer.answers.get(question["id"], "").strip()
        if not text or (question["kind"] == "blocker" and blockers.says_nothing(text)):
            continue
        detail = (_blocker_detail(blocker, waits_for),) if question["kind"] == "blocker" and blocker else ()
        lines.append(Line((Bold(label_of(question["kind"], question["text"])), f"  {text}"), detail))
    return tuple(lines)


def label_of(kind: str, text: str) -> str:
    """A question in a word, for lists."""
    return LABELS.get(kind, text)


def _blocker_detail(blocker: Blocker, waits_for: str) -> str:
    state = "" if blockers.is_open(blocker) else " · solved"
    return f"{blocker.code}{' · ' + waits_for + ' could help' if waits_for else ''}{state}"


def window_closed(huddle: Huddle, run: HuddleRun, closed_at: datetime, zone: ZoneInfo) -> Card:
    """The prompt after its window: a late answer is still welcome."""
    at = clock_in(closed_at, zone)
    return Card(
        f"The huddle's window closed at {at}. A late answer is welcome until midnight.",
        (
            Title(f"Huddle · {huddle.name}"),
            Note(f"{short_day(run.local_date)} · window closed at {at}"),
            Paragraph(("A late answer is welcome until midnight.",)),
            Buttons((_answer_button(run, "Add a late answer"),)),
        ),
    )


def over(huddle: Huddle, run: HuddleRun) -> Card:
    """The prompt after the day."""
    text = f"The huddle of {short_day(run.local_date)} is closed."
    return Card(text, (Title(f"Huddle · {huddle.name}"), Note(text)))


def away_today(huddle: Huddle, run: HuddleRun, until: date | None, *, can_return: bool) -> Card:
    """The prompt of somebody who is away."""
    last = f"until {short_day(until)}" if until and until != run.local_date else "today"
    button = (Buttons((Button("I'm here after all", "huddle.back_today", _ids(run)),)),) if can_return else ()
    return Card(
        f"You're away {last}, so I don't expect an answer.",
        (
            Title(f"Huddle · {huddle.name}"),
            Note(f"{short_day(run.local_date)} · away {last}"),
            Paragraph(("I don't expect an answer, and the team's rate is not affected.",)),
            *button,
        ),
    )


def skipped(huddle: Huddle, run: HuddleRun) -> Card:
    """No huddle on that day."""
    why = f" {run.reason}" if run.reason else ""
    text = f"No huddle today for {huddle.name}.{why}"
    return Card(
        text,
        (
            Title(f"No huddle today · {huddle.name}"),
            Note(f"{short_day(run.local_date)}{' · ' + run.reason if run.reason else ''}"),
        ),
    )


def missed(huddle: Huddle) -> Card:
    """The bot was down."""
    text = "I was away this morning, so no huddle was counted."
    return Card(text, (Paragraph((text,)), Note(huddle.name)))


def nudge(run: HuddleRun) -> Card:
    """P-03."""
    text = "Five minutes left for today's huddle. One line is enough."
    return Card(text, (Paragraph((text,)), Buttons((_answer_button(run, primary=True),))))


def nudge_settled(text: str) -> Card:
    """The nudge after it has done its work."""
    return Card(text, (Note(text),))


NOTED_SINCE = "Your answer is in. Thank you."
NO_ANSWER_NEEDED = "No answer is needed today."
NUDGE_OVER = "The window has closed. A late answer is welcome until midnight."


def noted(answer: HuddleAnswer, name: str, given_at: datetime, zone: ZoneInfo) -> Card:
    """The reply to a line of text."""
    verb = "Changed" if rules.is_edited(answer) else "Noted"
    text = f"Thank you, {name}. {verb} at {clock_in(given_at, zone)}. You can change it until midnight."
    return Card(text, (Paragraph((text,)),))


def noted_late(closed_at: datetime, zone: ZoneInfo) -> Card:
    """P-05."""
    text = (
        f"Thanks, added as a late answer (window closed {clock_in(closed_at, zone)}). You can change it until midnight."
    )
    return Card(text, (Paragraph((text,)),))


def solved_or_mistake(blocker: Blocker) -> Card:
    """An edit took a blocker's line away."""
    text = f"You took {blocker.code} out of your answer. Is it solved, or was it a mistake?"
    return Card(
        text,
        (
            Paragraph((text,)),
            Note(f"{blocker.code}: it stays open until you say so."),
            Buttons(
                (
                    Button("Solved", "blocker.solve", {"blocker": str(blocker.id)}),
                    Button("A mistake", "blocker.mistake", {"blocker": str(blocker.id)}),
                )
            ),
        ),
    )


def which_day(text: str, run: HuddleRun | None, following: date, huddle: Huddle) -> Card:
    """A line of text that belongs to no open question: the bot asks where it goes."""
    buttons = []
    if run is not None:
        buttons.append(Button("Today's focus", "huddle.refocus", _ids(run) | {"text": text}))
        words = "You have answered today's huddle. Where does this belong?"
    else:
        words = f"No huddle is open for you now. Shall I keep this for {short_day(following)}?"
    name = "Huddle of " + short_day(following)
    buttons.append(Button(name, "huddle.early", {"huddle": str(huddle.id), "on": following.isoformat(), "text": text}))
    return Card(words, (Paragraph((words,)), Paragraph((f"“{text}”",)), Buttons(tuple(buttons))))


def closed_ask_next(closed_on: date, following: date, huddle: Huddle, text: str) -> Card:
    """A line of text after midnight. Source: domain.md 3.5, Late answer."""
    words = f"The huddle of {short_day(closed_on)} is closed. Shall I add it to the one of {short_day(following)}?"
    ids = {"huddle": str(huddle.id), "on": following.isoformat(), "text": text}
    button = Button(f"Add it to {short_day(following)}", "huddle.early", ids)
    return Card(words, (Paragraph((words,)), Paragraph((f"“{text}”",)), Buttons((button,))))


def kept_early(following: date) -> Card:
    """An answer given before its huddle."""
    text = f"Kept for the huddle of {short_day(following)}. I won't ask you again for it."
    return Card(text, (Paragraph((text,)),))


# --- the form


def form(
    huddle: Huddle,
    run: HuddleRun,
    departments: Sequence[Department],
    values: Mapping[str, str],
    figure: Figure | None,
    *,
    filled: bool,
    until: str,
) -> Form:
    """K-02: one input for each question; a blocker also has who could help."""
    inputs: list[Input] = []
    for question in huddle.questions:
        hint = "Filled in from your last plan; change what differs." if filled and question["kind"] == "plan" else ""
        inputs += _inputs(
            question["id"], question["kind"], question["text"], optional=not question["required"], hint=hint
        )
        if question["kind"] == "blocker":
            inputs += _helper_inputs(departments)
    number = f" · {figure.sentence}" if figure and figure.value else ""
    return Form(
        title=f"Huddle · {short_day(run.local_date)}",
        verb="huddle.answer",
        ids=_ids(run),
        note=f"{huddle.name}{number} · {until}",
        inputs=tuple(inputs),
        closing_note="You can change your answer until midnight.",
        submit="Send answer",
    ).filled(values)


_HINTS = {
    "focus": ("", "For example: last Mill Lane job before noon"),
    "blocker": ("It gets a code, and I follow it up.", ""),
    "customer": ("Their own words, please, without names or account numbers.", ""),
}


def _inputs(name: str, kind: str, text: str, *, optional: bool, hint: str) -> list[Input]:
    usual, placeholder = _HINTS.get(kind, ("", ""))
    return [
        TextInput(
            name,
            text,
            hint=hint or usual,
            placeholder=placeholder,
            multiline=kind != "focus",
            optional=optional,
            longest=500 if kind == "focus" else 1500,
        )
    ]


def _helper_inputs(departments: Sequence[Department]) -> list[Input]:
    stopped = SomeOf(
        rules.CUSTOMER_STOPPED,
        "Does a customer wait for it?",
        (Option("yes", "A customer is without service because of it"),),
        optional=True,
    )
    if not departments:
        return [stopped]
    options = (Option(NOBODY, "Nobody in particular"), *(Option(str(each.id), each.name[:75]) for each in departments))
    return [OneOf(rules.HELPER, "Who could help?", options, value=NOBODY, optional=True), stopped]


def please_write(kind: str) -> str:
    """A required input was left empty."""
    if kind == "focus":
        return "Please name one thing for today. A few words are enough. The team reads it as your focus."
    return "Please write a few words here."


def too_long(longest: int, length: int) -> str:
    """An input holds more than fits."""
    return f"That is {length} characters; {longest} fit. Please shorten it a little. Everything you typed is kept."


def open_until(until: datetime, zone: ZoneInfo) -> str:
    """On the form's first line."""
    return f"open until {clock_in(until, zone)}"


def closed_since(at: datetime, zone: ZoneInfo) -> str:
    """On the form's first line, after the window."""
    return f"closed at {clock_in(at, zone)}, a late answer is welcome"


# --- what the room sees


def header(
    run: HuddleRun, huddle: Huddle, figure: Figure | None, away: Sequence[Away], answers: int, zone: ZoneInfo
) -> Card:
    """The channel's message while the window is open."""
    ends = _clock_and_place(run.closes_at, zone, huddle)
    note = [f"{answers} of {run.expected} answered"]
    note += [figure.sentence] if figure else []
    note += _away_words(away)
    return Card(
        f"The huddle of {huddle.name} is open until {ends}.",
        (
            Title(f"Huddle is open until {ends}"),
            Note(" · ".join(note)),
            Paragraph((f"This message becomes the summary at {ends}.",)),
            Buttons((_answer_button(run, "Add or change my answer"),)),
        ),
    )


def summary(
    huddle: Huddle,
    run: HuddleRun,
    given: Sequence[Given],
    blockers_open: Sequence[OpenBlocker],
    voices: Sequence[tuple[str, str]],
    away: Sequence[Away],
    figure: Figure | None,
    *,
    streak: int,
    zone: ZoneInfo,
) -> Card:
    """K-03: what is in the way, what customers said, today's focus. Never who is silent."""
    blocks: list[Element] = [
        Title(f"Huddle · {huddle.name} · {short_day(run.local_date)}"),
        Note(_counts(run, streak, zone)),
    ]
    if blockers_open:
        blocks.append(Group("In the way", tuple(_in_the_way(each) for each in blockers_open)))
    blocks += [Words(words, source) for words, source in voices]
    focus = tuple(line for each in given if (line := _focus_line(huddle, each, zone)) is not None)
    if focus:
        blocks.append(Group("Today's focus", focus))
    foot = [*_away_words(away), *([figure.sentence] if figure else [])]
    blocks += [Note(" · ".join(foot))] if foot else []
    helped = [help_button(each.blocker) for each in blockers_open if not each.helper][:3]
    blocks.append(Buttons((*helped, _answer_button(run, "Add or change my answer"))))
    return Card(_sentence(huddle, run, blockers_open, voices, zone), tuple(blocks))


def _counts(run: HuddleRun, streak: int, zone: ZoneInfo) -> str:
    if not run.expected:
        return "Nobody was expected: n/a"
    by = clock_in(run.closes_at, zone)
    words = f"{run.on_time} of {run.expected} answered by {by} ({percent(run.on_time, run.expected)})"
    everybody = run.on_time + run.late
    if run.late:
        words += f", all {run.expected} by now" if everybody == run.expected else f", {everybody} by now"
    return words + (f" · {streak} huddles in a row on target" if streak > 1 else "")


def _sentence(
    huddle: Huddle,
    run: HuddleRun,
    blockers_open: Sequence[OpenBlocker],
    voices: Sequence[tuple[str, str]],
    zone: ZoneInfo,
) -> str:
    parts = [f"{run.on_time} of {run.expected} answered by {clock_in(run.closes_at, zone)}"]
    parts += [f"{count(len(blockers_open), 'thing')} in the way"] if blockers_open else []
    parts += [f"{count(len(voices), 'customer')} said something"] if voices else []
    return f"{huddle.name} huddle, {short_day(run.local_date)}: {', '.join(parts)}."


def _in_the_way(each: OpenBlocker) -> Line:
    facts = [each.blocker.code, f"from {each.raiser}", blockers.age_words(each.age_days)]
    facts += ["a customer is without service"] if each.blocker.customer_stopped else []
    facts += [f"with {each.helper}"] if each.helper else [f"needs {each.waits_for}"] if each.waits_for else []
    return Line((Bold(each.blocker.text),), (" · ".join(facts),))


def _focus_line(huddle: Huddle, each: Given, zone: ZoneInfo) -> Line | None:
    focus = rules.answer_to(huddle, each.answer.answers, "focus")
    if not focus:
        return None
    marks = " (edited)" if rules.is_edited(each.answer) else ""
    if each.answer.is_late:
        marks += f" (late, {clock_in(each.given_at, zone)}, thank you)"
    return Line((Bold(each.name), f"  {focus}{marks}"))


def details(huddle: Huddle, run: HuddleRun, given: Sequence[Given]) -> Card:
    """The summary's thread: every answer whole."""
    text = f"All answers of {short_day(run.local_date)}."
    if not given:
        return Card("No answers yet.", (Note("No answers yet."),))
    groups = tuple(Group(each.name, _answer_lines(huddle, each.answer)) for each in given)
    return Card(text, (Note(text), *groups))


def _answer_lines(huddle: Huddle, answer: HuddleAnswer) -> tuple[Line, ...]:
    return tuple(
        Line((Bold(label_of(question["kind"], question["text"])), f"  {text}"))
        for question in huddle.questions
        if (text := answer.answers.get(question["id"], "").strip())
    )


def _away_words(away: Sequence[Away]) -> list[str]:
    if not away:
        return []
    return [
        "Away: "
        + ", ".join(f"{each.name}, until {short_day(each.until)}" if each.until else each.name for each in away)
    ]


def _clock_and_place(at: datetime, zone: ZoneInfo, huddle: Huddle) -> str:
    return clock_in(at, zone) + (f" ({place_of(zone)})" if zone.key != huddle.zone else "")


# --- absence, skipping


def you_are_away(first: date, last: date | None, name: str = "") -> Card:
    """What was stored. Source: domain.md 3.2, `/huddle away`."""
    who = f"{name} is" if name else "You're"
    if last is None:
        span = f"from {day(first)} until {'they come' if name else 'you write'} back"
    elif last == first:
        span = f"on {day(first)}"
    else:
        span = f"from {day(first)} to {day(last)}, both days included"
    whom = "them" if name else "you"
    text = f"{who} away {span}. I won't ask {whom}, and the team's run is not affected."
    return Card(text, (Paragraph((text,)),))


def you_are_back(name: str = "") -> Card:
    """An absence has ended."""
    text = f"{name} is back. I'll ask them again." if name else "Welcome back. I'll ask you again."
    return Card(text, (Paragraph((text,)),))


def not_away(name: str = "") -> str:
    """`back` without an absence."""
    return f"{name or 'You'} {'is' if name else 'are'} not away, so there is nothing to change."


def run_skipped(huddle: Huddle, on: date) -> Card:
    """What was stored."""
    text = f"The huddle of {huddle.name} on {day(on)} is skipped. Nobody is asked, and it counts for nothing."
    return Card(text, (Paragraph((text,)),))


def skip_reason(name: str, reason: str) -> str:
    """Beside "No huddle today"."""
    return f"Skipped by {name}: {reason}" if reason else f"Skipped by {name}."


# --- declined


def not_in_it(huddle: Huddle) -> str:
    """Somebody who is not asked wants to answer."""
    return f"Today's huddle of {huddle.name} doesn't expect an answer from you. Nothing was changed."


def closed_for_good(run: HuddleRun) -> str:
    """An answer after midnight."""
    return f"The huddle of {short_day(run.local_date)} is closed, so nothing was changed. Write it here, and I offer it to the next one."


def no_huddle() -> str:
    """Somebody without a team."""
    return "You are in no huddle yet. A lead or an administrator adds one with /huddle setup."


def no_run_today(huddle: Huddle, following: date | None) -> str:
    """`/huddle` on a free day."""
    coming = f" The next one is on {day(following)}." if following else ""
    return f"{huddle.name} has no huddle open for you now.{coming}"


def only_lead(huddle: Huddle, lead: str) -> str:
    """E-03 for a huddle."""
    whom = f"{lead}, who leads it," if lead else "its lead"
    return f"Only {whom} or an administrator can do that for {huddle.name}. Nothing was changed."


def already_over(on: date) -> str:
    """Skipping a run that has closed."""
    return f"The huddle of {day(on)} has closed already, so it can't be skipped. Nothing was changed."


def no_summary(on: date) -> str:
    """`/huddle summary` of a day without one."""
    return f"There is no summary for {day(on)}."


# --- the clock


def asked(number: int) -> str:
    """For the time bar."""
    return f"{small(number)} asked"


def nudged(number: int) -> str:
    """For the time bar."""
    return f"nudge sent to {small(number)}" if number else "nobody to nudge"


SUMMARY_OUT = "summary"
PUBLISHED = "summary so far"
DAY_OVER = "late answers closed"
NO_HUDDLE = "no huddle"
MISSED = "huddle missed"


# --- set-up


def names(people: Sequence[str]) -> str:
    """A list in a sentence."""
    return listing(people)


def absence_until(absence: Absence | None) -> date | None:
    """Until when somebody is away."""
    return None if absence is None else absence.to_on
