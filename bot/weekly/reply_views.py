"""What somebody reads after they did something with the weekly follow-up, and what can't be done."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Facts, Paragraph, Title, says
from bot.chat.spans import Bold
from bot.chat.words import clock, clock_in, day, listing, place_of, short_day, typed
from bot.huddles.setup_rules import LONG_DAYS
from bot.weekly.pack_views import Pack
from bot.weekly.pack_views import plan as plan_card
from bot.weekly.rules import Plan, plan_week
from bot.weekly.views import why
from storage.blockers import Blocker
from storage.weekly import Weekly, WeeklyRun


def saved(weekly: Weekly, team: str, next_at: datetime | None, asks_at: datetime | None, *, moved: str) -> Card:
    """The rhythm that was stored, and when it comes first."""
    zone = ZoneInfo(weekly.zone)
    when = f"{LONG_DAYS[weekly.weekday]}s at {clock(weekly.at_time)}, {place_of(zone)}"
    facts: list[tuple[str, tuple[str, ...]]] = [("When", (when,))]
    if next_at is not None:
        facts.append(("First meeting", (f"{day(next_at.astimezone(zone).date())}, {clock_in(next_at, zone)}",)))
    if asks_at is not None:
        asked = asks_at.astimezone(zone)
        facts.append(("I ask before it", (f"{short_day(asked.date())}, {clock(asked)}",)))
    note = (Paragraph((moved,)),) if moved else ()
    return Card(f"Weekly follow-up of {team}: {when}.", (Title(f"Weekly · {team}"[:45]), Facts(tuple(facts)), *note))


def moved_for(holiday: str, on: date) -> str:
    """A meeting that a holiday moves."""
    return f"{holiday} is on the usual day, so the first one is on {day(on)}."


def paused(team: str) -> Card:
    """No more until it is resumed."""
    return says(turned_off(team, Weekly.State.PAUSED))


def ended(team: str) -> Card:
    """No more at all; what was said stays."""
    return says(turned_off(team, Weekly.State.ENDED))


def turned_off(team: str, state: Weekly.State) -> str:
    """A rhythm that is not held, and what starts it again."""
    if state is Weekly.State.PAUSED:
        return f"The weekly follow-up of {team} is paused. {typed('weekly resume')} starts it again."
    return f"The weekly follow-up of {team} has ended. What was said stays; {typed('weekly setup')} starts a new one."


def declined(team: str) -> Card:
    """The lead does not want one."""
    words = f"Good, no weekly follow-up for {team}. If you change your mind: {typed('weekly setup')}."
    return Card(words, (Paragraph((words,)),))


def kept(run: WeeklyRun, team: str, notes: Sequence[str], *, is_late: bool) -> Card:
    """What somebody said is stored."""
    pack = f"the weekly pack of {team}, week {run.iso_week}"
    words = f"Thank you. I made {pack}, anew with it." if is_late else f"Thank you. It goes into {pack}."
    return Card(words, tuple(Paragraph((each,)) for each in (words, *notes)))


def dropped(plans: Sequence[Plan]) -> Card:
    """The three that stay for each."""
    told = [f"{each.name}: {'; '.join(goal.text for goal in each.goals) or 'none'}." for each in plans]
    words = f"Kept. {' '.join(told)}"
    return Card(words, (Paragraph((words,)),))


def confirmed(found: Pack) -> Card:
    """The plan holds."""
    monday, _ = plan_week(found.run)
    words = f"Confirmed. Everybody sees their goals on {short_day(monday)}."
    card = plan_card(found, may_confirm=False)
    title, note, _, *goals = card.elements  # instead of who confirmed it and when, which the reader knows
    return Card(words, (title, note, Paragraph((words,)), *goals))


def already_confirmed(name: str, at: datetime, zone: ZoneInfo) -> str:
    """E-05 for a second press."""
    when = f"{short_day(at.astimezone(zone).date())} at {clock_in(at, zone)}"
    return f"{name} confirmed that plan on {when}. Nothing was changed."


def promoted(blocker: Blocker) -> Card:
    """A road bump has a code now."""
    ids = {"blocker": str(blocker.id)}
    words = f"It is {blocker.code} now: {blocker.text}"
    act = Button("Make it an action", "action.from_blocker", ids, opens_form=True,
                 spoken=f"Make {blocker.code} an action with an owner and a date")  # fmt: skip
    return Card(words, (Paragraph(("It is ", Bold(blocker.code), f" now: {blocker.text}")), Buttons((act,))))


def promoted_before(code: str) -> str:
    """E-05: once is enough."""
    return f"That road bump is {code} already. Nothing was changed."


def bump_gone() -> str:
    """E-05: it is out of the way."""
    return "That road bump is out of the way already. Nothing was changed."


def run_skipped(run: WeeklyRun, team: str) -> Card:
    """The lead called a week off."""
    zone = ZoneInfo(run.zone)
    return says(f"The weekly of {team} on {day(run.meets_at.astimezone(zone).date())} is called off.{why(run)}")


def already_skipped(run: WeeklyRun, team: str) -> str:
    """E-05."""
    return f"The weekly of {team} in week {run.iso_week} is called off already.{why(run)} Nothing was changed."


def no_meeting(run: WeeklyRun, team: str) -> str:
    """There is nothing to say to a week that was called off."""
    return f"There is no weekly of {team} in week {run.iso_week}.{why(run)}"


def already_posted(run: WeeklyRun, team: str) -> str:
    """E-05: the pack stands there."""
    return f"The weekly pack of {team} for week {run.iso_week} stands in the channel already, so it can't be skipped."


def not_yet(run: WeeklyRun) -> str:
    """E-05: the plan is still being made."""
    zone = ZoneInfo(run.zone)
    at = f"{short_day(run.meets_at.astimezone(zone).date())}, {clock_in(run.meets_at, zone)}"
    return f"The plan can be confirmed once the pack stands there, on {at}. You can edit it before."


def too_late(run: WeeklyRun) -> str:
    """A week that is over."""
    return f"Week {run.iso_week} and its plan are over. Nothing was changed."


def not_asked() -> str:
    """Somebody of another team."""
    return "That is another team's week. Nothing was changed."


def only_lead(team: str, lead: str) -> str:
    """E-03."""
    return f"Only {lead or 'the lead'} can do that for {team}. Nothing was changed."


def none_yet(team: str, lead: str) -> str:
    """A team without one."""
    who = f"{lead} can start one" if lead else "An administrator can start one"
    return f"{team} has no weekly follow-up. {who}: {typed('weekly setup')}"


def nothing_to(verb: str, team: str) -> str:
    """E-05: it is not held, or held already."""
    return f"There is no weekly follow-up of {team} to {verb}. Nothing was changed."


def no_team() -> str:
    """Who belongs to no team."""
    return "You are in no team yet, so there is no weekly follow-up to show."


def which_team(names: Sequence[str]) -> str:
    """Several teams."""
    example = f'{typed("weekly")} team:"{names[0]}"'
    return f"Which team: {listing(names, 'or')}? For example: {example}"


def unknown_team(name: str) -> str:
    """E-04."""
    return f"I can't find the team '{name}'. Nothing was changed."


def no_run(team: str, next_at: datetime | None, zone: ZoneInfo) -> str:
    """Between set-up and the first week."""
    comes = f" The first one is on {day(next_at.astimezone(zone).date())}." if next_at else ""
    return f"There is no week of {team} to show yet.{comes}"


def not_a_member(name: str, team: str) -> str:
    """A plan for somebody else's people."""
    return f"{name} is not in {team}. Nothing was changed."


def plan_is_confirmed(name: str) -> str:
    """Said beside a late change of goals."""
    return f"{name} has confirmed next week's plan, so your goals stay as they are there. Ask {name} to change them."


def first_three() -> str:
    """Until somebody has chosen."""
    return "Until you choose, the first three count."
