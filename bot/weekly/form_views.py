"""The forms of the weekly follow-up, and why one comes back."""

from collections.abc import Mapping, Sequence

from bot.chat.forms import OPTION_MAX, OPTIONS_MAX, Form, Input, OneOf, Option, SomeOf, TextInput, TimeInput, Values
from bot.huddles.setup_rules import LONG_DAYS
from bot.people.rules import WEEKDAYS
from bot.weekly import rules
from bot.weekly.rules import Plan
from bot.weekly.views import Draft
from storage.weekly import WeeklyGoal, WeeklyRun

DONE, BUMPS, PLAN, PRAISE = "done", "bumps", "plan", "praise"
GOAL, KEEP = "goal", "keep"  # followed by a number
PEOPLE_MAX = 12  # of one form; the others are planned one by one

Result = WeeklyGoal.Result
_RESULTS = (
    Option(Result.MET.value, "Met"),
    Option(Result.MISSED.value, "Not met yet, it goes on"),
    Option(Result.DROPPED.value, "Dropped"),
    Option(Result.OPEN.value, "I can't say yet"),
)


def update(run: WeeklyRun, team: str, draft: Draft, values: Values, *, is_confirmed: bool) -> Form:
    """What somebody says about their week, filled with what is known."""
    goals: tuple[Input, ...] = tuple(
        OneOf(f"{GOAL}{goal.id}", f"Goal: {goal.text}"[:75], _RESULTS, value=result.value, optional=True)
        for goal, result in draft.goals
    )
    note = "The plan for next week is confirmed; who leads the team can change it." if is_confirmed else ""
    return Form(
        title="Weekly check",
        verb="weekly.update",
        ids={"run": str(run.id)},
        note=f"{team}, week {run.iso_week}. One line for each thing. {note}".strip(),
        inputs=(
            *goals,
            _lines(DONE, "What got done?", draft.done, "Script tested on 12 desks"),
            _lines(BUMPS, "Any road bumps?", draft.bumps, "No desk free for the training"),
            _lines(PLAN, "What will you do next week (up to three)?", draft.plan, "A-90 Check the last 8 calls"),
        ),
        submit="Send",
    ).filled(values)


def _lines(name: str, label: str, known: Sequence[str], example: str) -> TextInput:
    value = "\n".join(known)
    return TextInput(
        name, label, value=value, placeholder=example, multiline=True, optional=True, longest=rules.DONE_MAX
    )


def plan(run: WeeklyRun, team: str, plans: Sequence[Plan], values: Values, *, since: int, praise: bool) -> Form:
    """Next week's goals of several people. `since` is the newest entry that its reader knew."""
    left = len(plans) - PEOPLE_MAX
    more = f" {left} more: write the plan command with their name." if left > 0 else ""
    thanks: tuple[Input, ...] = (
        TextInput(PRAISE, "A sentence for the milestones that were met", value=run.praise, optional=True,
                  longest=rules.PRAISE_MAX),
    )  # fmt: skip
    return Form(
        title="Next week's plan",
        verb="weekly.plan",
        ids={"run": str(run.id), "since": str(since)},
        note=f"{team}. Up to three goals a person, one on each line.{more}",
        inputs=(
            *(
                TextInput(f"{GOAL}{each.person_id}", each.name[:75], "\n".join(goal.text for goal in each.goals),
                          multiline=True, optional=True, longest=rules.DONE_MAX)
                for each in plans[:PEOPLE_MAX]
            ),
            *(thanks if praise else ()),
        ),
        closing_note="Confirming comes after that.",
        submit="Save plan",
    ).filled(values)  # fmt: skip


def which_three(run: WeeklyRun, plans: Sequence[Plan], values: Values, *, since: int) -> Form:
    """More than three goals for somebody: which of them stay. `plans` hold every line that was given.

    `since` is the newest entry that its reader knew.
    """
    inputs = tuple(
        SomeOf(
            f"{KEEP}{each.person_id}",
            f"{each.name}: which three?"[:75],
            tuple(Option(str(goal.id), goal.text[:OPTION_MAX]) for goal in each.goals[:OPTIONS_MAX]),
            value=",".join(str(goal.id) for goal in rules.kept_goals(each.goals)),
            hint=f"There are {len(each.goals)}. The others are dropped for that week.",
        )
        for each in plans
    )
    goals = ",".join(str(goal.id) for each in plans for goal in each.goals)
    return Form(
        title="Which three?",
        verb="weekly.keep",
        ids={"run": str(run.id), "goals": goals, "since": str(since)},
        note="Three goals a week is what people can keep. What you wrote is stored; choose which three count.",
        inputs=inputs,
        submit="Keep these",
    ).filled(values)


def setup(values: Values, teams: Sequence[tuple[str, str]]) -> Form:
    """When a team meets each week."""
    return Form(
        title="Weekly follow-up",
        verb="weekly.save",
        note="I ask the day before at 14:00, and sum up at 16:00.",
        inputs=(
            OneOf("team", "Team", tuple(Option(number, name[:75]) for number, name in teams[:OPTIONS_MAX])),
            OneOf("day", "On which day do you meet?", tuple(Option(each, LONG_DAYS[each]) for each in WEEKDAYS)),
            TimeInput("at", "At what time?"),
            TextInput("zone", "Time zone", longest=60, placeholder="Europe/London"),
        ),
        submit="Save",
    ).filled(values)


def skip(run: WeeklyRun, team: str, values: Values) -> Form:
    """Why a week has no meeting."""
    return Form(
        title="Skip this week",
        verb="weekly.skip",
        ids={"run": str(run.id)},
        note=f"The weekly of {team} in week {run.iso_week}. Everybody reads why.",
        inputs=(TextInput("why", "Why?", placeholder="Half the team is at the fair", longest=rules.LINE_MAX),),
        submit="Skip it",
    ).filled(values)


def ids_in(ids: Mapping[str, str]) -> list[int]:
    """The numbers of the goals that a form asks about."""
    return [int(each) for each in ids.get("goals", "").split(",") if each.isascii() and each.isdigit()]


PLEASE_WRITE = "Please write a few words here."
NEEDS_DAY = "Please choose a day of the week, such as fri."
NEEDS_TIME = "Please write a time such as 10:00."
NEEDS_TEAM = "Please choose one of the teams that you lead."
AT_MOST_THREE = f"Please choose {rules.GOALS_MAX} at most."


def too_long(line: str) -> str:
    """A line that can't be shown whole."""
    return f"A line has {len(line)} characters; {rules.LINE_MAX} fit: '{line[:40]}…'. Please shorten it."


def too_many(number: int) -> str:
    """More lines than anybody reads."""
    return f"These are {number} lines; {rules.LINES_MAX} fit. Please leave some out."


CHANGED_SINCE = "These goals were changed since. Write the update again to see how they stand."


def changed_meanwhile(name: str) -> str:
    """E-20: the plan was changed while the form was open."""
    return f"{name} changed this plan a moment ago. Send it again if yours still holds."
