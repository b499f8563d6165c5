"""The page about a month: how many messages reached whom, of which kind, and the greatest day of each."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.chat.words import count, day
from schedules.rehearsal_labels import LABELS
from tests.simulation.counting import BUDGET, Month
from tests.simulation.forty import CREWS

COLUMNS = ("huddle.prompt", "huddle.nudge", "day.plan")
REMINDERS = ("action.reminder", "weekly.ask", "weekly.nudge")


def page(month: Month) -> str:
    """Markdown, written anew by `python -m tests.simulation.month`."""
    how = _HOW.format(seed=month.seed, budget=BUDGET)
    return "\n".join([*_head(month), *_by_kind(month), *_by_person(month), how, ""])


_HEADING = """\
# A month of forty people

{days} days from {begins_on} in a team of forty across four time zones, as the bot would live them: it asks,
people answer or don't, are away, run into obstacles, get things to do and have their weekly follow-up. The engine is
the real one, on simulated time; the platform takes every message and writes it down.

- {sent} direct messages reached {people} people, and {rooms} messages stood in rooms.
- Besides answers, the questions of huddles and their one reminder, nobody got more than {greatest} in a day. The
  budget is {budget}.
- {in_quiet} in somebody's quiet hours, on a day off or while they were away.
- {digests} told of what was beyond a day's budget.
"""


def _head(month: Month) -> list[str]:
    words = _HEADING.format(
        days=month.days,
        begins_on=day(month.begins_on),
        sent=len(month.sent),
        people=len({each.person for each in month.sent}),
        rooms=month.rooms,
        greatest=max(month.counted.values(), default=0),
        budget=BUDGET,
        in_quiet=f"{len(month.in_quiet)} of the others came" if month.in_quiet else "None of the others came",
        digests=count(sum(each.view == "quiet.digest" for each in month.sent), "digest"),
    )
    return [words]


def _by_kind(month: Month) -> list[str]:
    kinds = Counter(each.view for each in month.sent)
    order = [view for view in LABELS if view in kinds] + sorted(kinds.keys() - LABELS.keys())
    days = Counter((each.view, each.person, each.local.date()) for each in month.sent)
    rows = (
        (
            LABELS.get(view, view),
            str(kinds[view]),
            str(len({each.person for each in month.sent if each.view == view})),
            str(max(number for (kind, *_), number in days.items() if kind == view)),
            "" if any(each.counts for each in month.sent if each.view == view) else "not counted",
        )
        for view in order
    )
    return ["## By kind", "", *_table(("kind", "messages", "people", "most in a person's day", ""), rows), ""]


def _by_person(month: Month) -> list[str]:
    lines: list[str] = []
    known: list[str] = []
    for crew in CREWS:
        lines += [f"### {crew.name}", "", *_table(_HEAD, (_row(month, name) for name in crew.members)), ""]
        known += crew.members
    others = sorted({each.person for each in month.sent} - set(known))
    if others:
        lines += ["### Others", "", *_table(_HEAD, (_row(month, name) for name in others)), ""]
    return ["## By person", "", "The first of a team leads it; the last two work from Monday to Wednesday.", "", *lines]


_HEAD = ("person", "all", "questions", "reminded of them", "day plans", "other reminders", "the rest", "greatest day")


def _row(month: Month, name: str) -> tuple[str, ...]:
    mine = [each for each in month.sent if each.person == name]
    kinds = Counter(each.view for each in mine)
    columns = [kinds[view] for view in COLUMNS]
    reminders = sum(kinds[view] for view in REMINDERS)
    rest = len(mine) - sum(columns) - reminders
    greatest = max((number for (who, _), number in month.counted.items() if who == name), default=0)
    return (name, *map(str, (len(mine), *columns, reminders, rest, greatest)))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    marks = ["---", *("---:" for _ in head[1:])]
    return [f"| {' | '.join(cells)} |" for cells in (head, marks, *rows)]


_HOW = """\
## How it is made

`make month` writes this page, always the same one: chance has a seed ({seed}). It ends with an error when somebody gets
more than {budget} messages in a day, or one when nothing should come. What people do stands in
`tests/simulation/deeds.py`. The greatest day counts what the budget counts: all but answers, digests, the questions of
huddles and the reminder of them."""
