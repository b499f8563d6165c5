"""The words of the milestones in a person's day."""

from collections.abc import Sequence
from datetime import date

from bot.chat.cards import Button, Row
from bot.chat.words import day, short_day
from bot.guide.views import SAY
from bot.home.views import Part, rows
from bot.milestones.message_views import read_ids
from bot.milestones.rules import needs_date
from bot.milestones.views import Seen

SHOWN = 3  # with their button beside them


def milestones(claims: Sequence[Seen], own: Sequence[Seen], today: date) -> Part:
    """What waits for a word from them first."""
    ordered = sorted(own, key=lambda each: each.milestone.proposed_on is None)
    found = [*(_claim(each) for each in claims), *(_own(each, today) for each in ordered)]
    waiting = sum(1 for each in own if each.milestone.proposed_on or each.milestone.forecast_on <= today)
    return Part(rows(found, SHOWN, "More milestones"), len(claims) + waiting)


def _claim(each: Seen) -> Row:
    milestone = each.milestone
    press = Button(
        f"Accept {milestone.code}",
        "milestone.accept",
        read_ids(milestone),
        spoken=f"Accept {milestone.code}: it is reached",
    )
    return Row(milestone.title, f"{each.owner or 'Somebody'} says it is reached · {milestone.code}", press)


def _own(each: Seen, today: date) -> Row:
    milestone = each.milestone
    if milestone.proposed_on is not None:
        why = f", it waits for {each.pushed_by}" if each.pushed_by else ""
        look = Button(f"Decide on {milestone.code}", SAY, {"text": f"/milestones {milestone.code}"})
        return Row(milestone.title, f"{day(milestone.proposed_on)} is proposed{why} · {milestone.code}", look)
    ids = {"milestone": str(milestone.id)}
    if needs_date(milestone, today):
        press = Button(f"New date for {milestone.code}", "milestone.move_form", ids, opens_form=True)
        return Row(
            milestone.title, f"Needs a date, was due {short_day(milestone.forecast_on)} · {milestone.code}", press
        )
    done = Button(f"{milestone.code} is reached", "milestone.claim_form", ids, opens_form=True)
    due = "today" if milestone.forecast_on == today else short_day(milestone.forecast_on)
    return Row(milestone.title, f"Milestone, due {due} · {milestone.code}", done)
