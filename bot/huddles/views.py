"""What one person sees of a huddle: prompt, confirmation, nudge. Source: domain.md 3.4, K-02."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.blockers import rules as blockers
from bot.blockers.views import solve_button
from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Number, Numbers, Paragraph, Title
from bot.chat.spans import Bold
from bot.chat.words import clock_in, short_day
from bot.huddles import rules
from bot.measures.rules import Figure
from storage.blockers import Blocker
from storage.huddles import Huddle, HuddleAnswer, HuddleRun

LABELS = {"plan": "Finished", "focus": "Today", "blocker": "In the way", "customer": "From a customer"}


def prompt(
    huddle: Huddle, run: HuddleRun, figure: Figure | None, plan: str, *, until: datetime, zone: ZoneInfo
) -> Card:
    """P-02: the questions, open until a clock time."""
    ends = clock_in(until, zone)
    questions = question_lines(huddle, run)
    yours: tuple[Element, ...] = (Paragraph(("Your plan from last time: ", Bold(plan))),) if plan else ()
    buttons = [answer_button(run, primary=True)]
    buttons += [_same_button(run)] if plan else []
    buttons.append(Button("I'm away today", "huddle.away_today", ids_of(run)))
    return Card(
        f"Huddle for {huddle.name}, open until {ends}. One line is enough: press Answer or just reply here.",
        (
            Title(f"Huddle · {huddle.name}"),
            Note(f"{short_day(run.local_date)} · open until {ends} · about two minutes"),
            *_number(figure),
            Group("", questions, numbered=True),
            *yours,
            Buttons(tuple(buttons)),
            Note("Or just reply here. One line is enough."),
        ),
    )


def question_lines(huddle: Huddle, run: HuddleRun) -> tuple[Line, ...]:
    """What is asked, in order."""
    asked = rules.asked_in(huddle, run).questions
    return tuple(Line((each["text"] + ("" if each["required"] else " (optional)"),)) for each in asked)


def _same_button(run: HuddleRun) -> Button:
    spoken = "Same as yesterday's plan: open the form with it filled in"
    return Button("Same as yesterday's plan", "huddle.same", ids_of(run), opens_form=True, spoken=spoken)


def _number(figure: Figure | None) -> tuple[Element, ...]:
    if figure is None:
        return ()
    if not figure.value:
        return (Paragraph((f"{figure.label}.",)),)
    return (Numbers((Number(figure.value, figure.label, figure.change),)),)


def ids_of(run: HuddleRun) -> dict[str, str]:
    """What a button about a run carries."""
    return {"run": str(run.id)}


def answer_button(run: HuddleRun, text: str = "Answer", *, primary: bool = False) -> Button:
    """Opens the form."""
    spoken = "Answer today's huddle" if text == "Answer" else ""
    return Button(text, "huddle.form", ids_of(run), primary=primary, opens_form=True, spoken=spoken)


def answered(
    huddle: Huddle,
    run: HuddleRun,
    answer: HuddleAnswer,
    *,
    blocker: Blocker | None,
    waits_for: str,
    name: str,
    zone: ZoneInfo,
    can_change: bool,
    summary_at: datetime | None,
    lead: str,
    goes_up: str = "",
) -> Card:
    """K-02's other side: what was noted, and what happens next; `goes_up` says to whom the blocker goes when."""
    at, lines = clock_in(answer.submitted_at, zone), _noted(huddle, run, answer, (blocker, waits_for))
    is_taken_back = not any(answer.answers.values())
    title = f"You took your answer back at {at}" if is_taken_back else f"Thank you, {name}. Noted at {at}"
    blocks: list[Element] = [Title(title), Note(_when(huddle, run, answer))]
    blocks += [Group("", lines)] if lines else []
    still_open = blocker if blocker is not None and blockers.is_open(blocker) else None
    if still_open and not still_open.taken_by and lead:
        further = f" {goes_up}" if goes_up else ""
        words = f"{still_open.code} stands in the summary, where {lead} and the team see it.{further}"
        blocks.append(Paragraph((words,)))
    buttons = [answer_button(run, "Change my answer")] if can_change else []
    buttons += [solve_button(still_open)] if still_open else []
    blocks += [Buttons(tuple(buttons))] if buttons else []
    coming = f" The summary comes at {clock_in(summary_at, zone)}." if summary_at else ""
    blocks += [Note(f"You can change this until midnight.{coming}")] if can_change else []
    ending = " You can change your answer until midnight." if can_change else ""
    return Card(f"{title}.{ending}", tuple(blocks))


def _when(huddle: Huddle, run: HuddleRun, answer: HuddleAnswer) -> str:
    late = " · late" if answer.is_late else ""
    edited = " · changed" if rules.is_edited(answer) else ""
    return f"Huddle · {huddle.name} · {short_day(run.local_date)}{late}{edited}"


def _noted(
    huddle: Huddle, run: HuddleRun, answer: HuddleAnswer, raised: tuple[Blocker | None, str]
) -> tuple[Line, ...]:
    lines = []
    blocker, waits_for = raised
    for question in rules.readable(huddle, run, answer.answers):
        text = answer.answers.get(question["id"], "").strip()
        if not text or (question["kind"] in {"blocker", "customer"} and blockers.says_nothing(text)):
            continue
        detail = (_blocker_detail(blocker, waits_for),) if question["kind"] == "blocker" and blocker else ()
        lines.append(Line((Bold(label_of(question["kind"], question["text"])), f"  {text}"), detail))
    return tuple(lines)


def label_of(kind: str, text: str) -> str:
    """A question in a word, for lists."""
    return LABELS.get(kind, text)


def _blocker_detail(blocker: Blocker, waits_for: str) -> str:
    if not blockers.is_open(blocker):
        return f"{blocker.code} · solved"
    return f"{blocker.code} · {waits_for} could help" if waits_for else blocker.code


def window_closed(huddle: Huddle, run: HuddleRun, closed_at: datetime, zone: ZoneInfo) -> Card:
    """The prompt after its window: a late answer is still welcome."""
    at = clock_in(closed_at, zone)
    return Card(
        f"The huddle's window closed at {at}. A late answer is welcome until midnight.",
        (
            Title(f"Huddle · {huddle.name}"),
            Note(f"{short_day(run.local_date)} · window closed at {at}"),
            Paragraph(("A late answer is welcome until midnight.",)),
            Buttons((answer_button(run, "Add a late answer"),)),
        ),
    )


def over(huddle: Huddle, run: HuddleRun) -> Card:
    """The prompt after the day."""
    text = f"The huddle of {short_day(run.local_date)} is closed."
    return Card(text, (Title(f"Huddle · {huddle.name}"), Note(text)))


def away_today(huddle: Huddle, run: HuddleRun, until: date | None, *, can_return: bool) -> Card:
    """The prompt of somebody who is away."""
    last = f"until {short_day(until)}" if until and until != run.local_date else "today"
    button = (Buttons((Button("I'm here after all", "huddle.back_today", ids_of(run)),)),) if can_return else ()
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
    on = short_day(run.local_date)
    why = run.reason[:1].upper() + run.reason[1:]
    why += "." if why[-1:].isalnum() else ""
    reason: tuple[Element, ...] = (Paragraph((why,)),) if run.reason else ()
    return Card(
        f"No huddle of {huddle.name} on {on}.{' ' + why if run.reason else ''}",
        (Title(f"No huddle · {huddle.name}"), Note(on), *reason),
    )


def nudge(run: HuddleRun) -> Card:
    """P-03."""
    text = "Five minutes left for today's huddle. One line is enough."
    return Card(text, (Paragraph((text,)), Buttons((answer_button(run, primary=True),))))


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


def withdrawn(run: HuddleRun) -> Card:
    """The reply when somebody took back all that they had written."""
    text = f"I took your words of {short_day(run.local_date)} out. You can write new ones until midnight."
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
            Note("It stays open until you say so."),
            Buttons(
                (
                    Button("Solved", "blocker.solve", {"blocker": str(blocker.id)}),
                    Button("A mistake", "blocker.mistake", {"blocker": str(blocker.id)}),
                )
            ),
        ),
    )


def answer_or_command(text: str, verb: str, line: int = 0) -> Card:
    """A line that begins like a command about days, without any that can be read; `line` is the event it came in."""
    words = f"I can't read days in that for /{verb}. Write it as away tomorrow or away until fri. Or is it your answer?"
    button = Button("It's my answer", "huddle.take", _typed(text, line))
    return Card(
        words, (Paragraph((words,)), Paragraph((f"“{text}”",)), Note("Nothing was changed."), Buttons((button,)))
    )


def _typed(text: str, line: int) -> dict[str, str]:
    return {"text": text} | ({"line": str(line)} if line else {})


def which_day(text: str, run: HuddleRun | None, following: date | None, huddle: Huddle, *, line: int = 0) -> Card:
    """A line of text that belongs to no open question: the bot asks where it goes."""
    buttons = []
    if run is not None:
        name = "Today's focus" if rules.question_of(rules.asked_in(huddle, run), "focus") else "Today's answer"
        buttons.append(Button(name, "huddle.refocus", ids_of(run) | _typed(text, line)))
        words = "You have answered today's huddle. Where does this belong?"
    else:
        words = "No huddle is open for you now."
        words += f" Shall I keep this for {short_day(following)}?" if following else ""
    if following is not None:
        is_another = run is not None and run.huddle_id != huddle.id
        name = f"{huddle.name[:50] if is_another else 'Huddle'} of {short_day(following)}"
        ids = {"huddle": str(huddle.id), "on": following.isoformat()} | _typed(text, line)
        buttons.append(Button(name, "huddle.early", ids))
    return Card(words, (Paragraph((words,)), Paragraph((f"“{text}”",)), Buttons(tuple(buttons))))


def closed_ask_next(closed_on: date, following: date, huddle: Huddle, text: str, *, line: int = 0) -> Card:
    """A line of text after midnight. Source: domain.md 3.5, Late answer."""
    words = f"The huddle of {short_day(closed_on)} is closed. Shall I add it to the one of {short_day(following)}?"
    ids = {"huddle": str(huddle.id), "on": following.isoformat()} | _typed(text, line)
    button = Button(f"Add it to {short_day(following)}", "huddle.early", ids)
    return Card(words, (Paragraph((words,)), Paragraph((f"“{text}”",)), Buttons((button,))))


def kept_early(following: date) -> Card:
    """An answer given before its huddle."""
    text = f"Kept for the huddle of {short_day(following)}. I won't ask you again for it."
    return Card(text, (Paragraph((text,)),))
