"""The words of the weekly follow-up: the offer, the check and its reminder; Source: domain.md 3.4."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Title
from bot.chat.words import clock_in, day, short_day, small
from storage.teams import Team
from storage.weekly import WeeklyGoal, WeeklyRun

QUESTIONS = "What got done? Any road bumps? What will you do next week (up to three)?"

Result = WeeklyGoal.Result
RESULTS = {
    Result.OPEN: "not said yet",
    Result.MET: "met",
    Result.MISSED: "goes on",
    Result.DROPPED: "dropped",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person's week says, or what the bot proposes; with this week's goals and what became of them."""

    done: Sequence[str] = ()
    bumps: Sequence[str] = ()
    plan: Sequence[str] = ()
    goals: Sequence[tuple[WeeklyGoal, Result]] = ()


# --- P-08, P-09


def ask(run: WeeklyRun, team: str, draft: Draft, zone: ZoneInfo) -> Card:
    """To somebody with open work: three questions, with what is known already."""
    words = f"Weekly check, 3 minutes: {QUESTIONS}"
    known = [*_draft(draft)]
    filled = "This is what I know already. Does it look right?" if known else "I know of nothing yet."
    buttons = [Button("Correct it", "weekly.form", run_ids(run), opens_form=True, spoken="Correct it: opens the form")]
    if known:
        buttons.insert(
            0, Button("Looks right", "weekly.right", run_ids(run), primary=True, spoken="It looks right: keep")
        )
    else:
        buttons = [Button("Answer", "weekly.form", run_ids(run), primary=True, opens_form=True)]
    return Card(
        words,
        (
            Title("Weekly check, 3 minutes"),
            Note(f"{team} · {meeting_words(run, zone)}"),
            Paragraph((QUESTIONS,)),
            Paragraph((filled,)),
            *known,
            Buttons(tuple(buttons)),
        ),
    )


def noted(run: WeeklyRun, team: str, draft: Draft, at: datetime, *, zone: ZoneInfo, can_change: bool) -> Card:
    """What somebody said, once they have."""
    words = f"Noted at {clock_in(at, zone)} for the weekly of {team}. Thank you."
    change = Button("Change it", "weekly.form", run_ids(run), opens_form=True, spoken="Change what I said")
    return Card(
        words,
        (
            Title("Weekly check"),
            Note(f"{team} · {meeting_words(run, zone)}"),
            Paragraph((words,)),
            *_draft(draft),
            *([Buttons((change,))] if can_change else []),
        ),
    )


def over(run: WeeklyRun, team: str, zone: ZoneInfo) -> Card:
    """A check that nobody can answer any more."""
    words = f"That week of {team} is over; its tasks were shown as they stood."
    return Card(words, (Title("Weekly check"), Note(meeting_words(run, zone)), Paragraph((words,))))


def skipped(run: WeeklyRun, team: str, zone: ZoneInfo) -> Card:
    """A week without a meeting."""
    words = f"There is no weekly meeting of {team} on {short_day(run.meets_at.astimezone(zone).date())}.{why(run)}"
    return Card(words, (Title("No weekly meeting"), Paragraph((words,))))


def why(run: WeeklyRun) -> str:
    """Why there is no meeting: ` Reason: the fair.`, or what the bot says itself; empty without a reason."""
    if not run.reason or run.reason in BY_ITSELF:
        return f" {run.reason}".rstrip()
    return f" Reason: {run.reason}" if run.reason[-1] in ".?" else f" Reason: {run.reason}."


def nudge(run: WeeklyRun, zone: ZoneInfo) -> Card:
    """P-09, to the silent."""
    at = clock_in(run.meets_at, zone)
    words = f"The weekly meeting starts at {at}. I'll show your tasks as they stand unless you add a line."
    return Card(
        words,
        (
            Paragraph((words,)),
            Buttons((
                Button("Add a line", "weekly.form", run_ids(run), primary=True, opens_form=True),
                Button("Looks right", "weekly.right", run_ids(run), spoken="My tasks look right: show them"),
            )),
        ),
    )  # fmt: skip


def nudge_settled(words: str) -> Card:
    """The same, once it has done its work."""
    return Card(words, (Paragraph((words,)),))


NOTED_SINCE = "Noted, thank you. It stands in the weekly pack."
MEETING_BEGAN = "The weekly meeting has begun; your tasks are shown as they stand."


def _draft(draft: Draft) -> list[Element]:
    found: list[Element] = []
    if draft.goals:
        told = tuple(Line((goal.text,), (RESULTS[result],)) for goal, result in draft.goals)
        found.append(Group("Your goals this week", told))
    for label, lines in (("Done", draft.done), ("Road bumps", draft.bumps), ("Next week", draft.plan)):
        if lines:
            found.append(Group(label, tuple(Line((line,)) for line in lines)))
    return found


# --- the offer


def offer(team: Team) -> Card:
    """To the lead of a team that has a huddle and no weekly follow-up."""
    words = f"Shall I run a weekly follow-up for {team.name}?"
    how = (
        "The day before I ask who has open work, in three minutes. At the meeting the team's channel gets what is "
        "done, late and due, what is in the way, and a plan that you confirm."
    )
    ids = {"team": str(team.id)}
    return Card(
        words,
        (
            Title("A weekly follow-up?"),
            Paragraph((words, f" {how}")),
            Buttons((
                Button("Fridays 10:00", "weekly.yes", ids, primary=True, spoken="Yes, on Fridays at 10:00"),
                Button("Another time", "weekly.other", ids, opens_form=True, spoken="Yes, at another time"),
                Button("No", "weekly.no", ids, spoken="No weekly follow-up for now"),
            )),
        ),
    )  # fmt: skip


# --- for the time bar


def asked(number: int) -> str:
    """For the time bar."""
    return f"{small(number)} asked about their week" if number else "nobody to ask about the week"


def nudged(number: int) -> str:
    """For the time bar."""
    return f"{small(number)} reminded of the weekly" if number else "nobody to remind of the weekly"


PACK_OUT = "weekly pack"
PLAN_SHOWN = "next week's plan to confirm"
SUMMED_UP = "weekly summary"
NOTHING_TO_TELL = "no weekly summary: nothing to tell"
BEGUN = "weekly follow-up planned"
HOLIDAYS = "no weekly follow-up: a week of holidays"
NOT_HELD = "no weekly follow-up"
BOT_WAS_AWAY = "I was away at its time."
HOLIDAY_WEEK = "The whole week is a holiday."
PAUSED, ENDED = "The weekly follow-up is paused.", "The weekly follow-up has ended."
BY_ITSELF = frozenset({BOT_WAS_AWAY, HOLIDAY_WEEK, PAUSED, ENDED})
"""Reasons that nobody wrote."""


def meeting_words(run: WeeklyRun, zone: ZoneInfo) -> str:
    """`Fri 27 Nov 2026 · weekly meeting 10:00`, in a reader's zone."""
    local = run.meets_at.astimezone(zone)
    return f"{day(local.date())} · weekly meeting {clock_in(run.meets_at, zone)}"


def run_ids(run: WeeklyRun) -> dict[str, str]:
    return {"run": str(run.id)}
