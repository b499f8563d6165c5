"""The words of the pack, the plan and the summary: a team's week on one card. Source: domain.md K-05, P-10 to P-12."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from bot.blockers.rules import age_words
from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Number, Numbers, Paragraph, Row, Title
from bot.chat.spans import Bold
from bot.chat.words import count, day, listing, short_day
from bot.weekly import rules
from bot.weekly.rules import Bump, Figures, Plan, share_words
from bot.weekly.views import meeting_words, run_ids, skipped
from storage.actions import Action, Priority
from storage.initiatives import Initiative, Milestone
from storage.teams import Team
from storage.weekly import WeeklyRun

SHOWN = 4  # lines of a group on the pack; all of them stand behind its button
BUMPS_PRESSED = 2  # with their button beside them
TITLE_LONGEST = 45  # characters


@dataclass(frozen=True, slots=True)
class Pack:
    """What a team's week looks like. `seen_on` is the day from which late and due are counted."""

    team: Team
    run: WeeklyRun
    seen_on: date
    figures: Figures
    owners: dict[int, str] = field(default_factory=dict)
    milestones: Sequence[Milestone] = ()
    bumps: Sequence[Bump] = ()
    plans: Sequence[Plan] = ()
    unsponsored: Sequence[Initiative] = ()
    ownerless: Sequence[Action] = ()
    confirmed_by: str = ""
    removed: Sequence[str] = ()
    """Road bumps that got out of the way in this week."""

    @property
    def zone(self) -> ZoneInfo:
        """Where the meeting is."""
        return ZoneInfo(self.run.zone)

    @property
    def wins(self) -> int:
        """What there is to be glad of."""
        return len(self.figures.done) + len(self.milestones) + len(self.removed)


def pack(found: Pack, *, in_room: bool) -> Card:
    """The week on one card. In the room nothing stands out, since it speaks to all."""
    if found.run.state is rules.State.SKIPPED:
        return skipped(found.run, found.team.name, found.zone)
    figures = found.figures
    return Card(
        _pack_summary(found),
        (
            Title(pack_title(found)),
            Note(meeting_words(found.run, found.zone)),
            Numbers(_rates(figures)),
            Paragraph((_counts(figures) + _still_open(figures),)),
            *_milestones(found),
            *_some("Late", [_task(each, found) for each in figures.late], len(figures.late)),
            *_bumps(found),
            *_some(f"Due in {rules.DUE_DAYS} days", [_task(each, found) for each in figures.due], len(figures.due)),
            *_plans(found),
            *_lacks(found),
            Buttons(_pack_buttons(found, in_room=in_room)),
        ),
    )


def pack_title(found: Pack) -> str:
    """`Digital · week 48`."""
    week = f" · week {found.run.iso_week}"
    name = found.team.name
    return (name if len(name) + len(week) <= TITLE_LONGEST else f"{name[: TITLE_LONGEST - len(week) - 1]}…") + week


def _pack_summary(found: Pack) -> str:
    figures = found.figures
    told = [f"{figures.on_time.kept} of {count(figures.on_time.due, 'task')} on time"] if figures.on_time.due else []
    told += [f"{len(figures.done)} done, {len(figures.late)} late"]
    told += [f"{count(len(found.milestones), 'milestone')} met"] if found.milestones else []
    told += [count(len(found.bumps), "road bump")] if found.bumps else []
    told += [f"{len(figures.due)} due next"]
    return f"{found.team.name}, week {found.run.iso_week}: {', '.join(told)}."


def _rates(figures: Figures) -> tuple[Number, ...]:
    pairs = (
        ("on time", figures.on_time, figures.on_time_before),
        ("first promises kept", figures.kept, figures.kept_before),
    )
    return tuple(
        Number(
            f"{now.kept} of {now.due}" if now.due else "n/a",
            what,
            f"{share_words(now)}, last week {share_words(before)}" if now.due else f"last week {share_words(before)}",
        )
        for what, now, before in pairs
    )


def _counts(figures: Figures) -> str:
    return f"Done: {len(figures.done)}. Late: {len(figures.late)}. Due in the next 7 days: {len(figures.due)}."


def _still_open(figures: Figures) -> str:
    """What the rates leave out, since its day is not over."""
    return f" Of this week's, {figures.still_open} still open." if figures.still_open else ""


def _milestones(found: Pack) -> list[Element]:
    if not found.milestones:
        return []
    lines = tuple(
        Line(
            (Bold(each.title),),
            (f"{each.code}, accepted {short_day(each.actual_on)}" if each.actual_on else each.code,),
        )
        for each in found.milestones[:SHOWN]
    )
    more = _more(len(found.milestones))
    thanks = f"Well done, {found.team.name}. {found.run.praise}".strip()
    label = "Milestone met" if len(found.milestones) == 1 else "Milestones met"
    return [Group(label, (*lines, *more)), Paragraph((thanks,))]


def _task(action: Action, found: Pack) -> Line:
    owner = found.owners.get(action.owner_id or 0, "nobody")
    due = short_day(action.due_on) if action.due_on else "no date"
    first = ""
    if action.first_due_on is not None and action.first_due_on != action.due_on:
        first = f", first promised {short_day(action.first_due_on)}"
    important = f" · {action.priority.value}" if action.priority is Priority.P1 else ""
    return Line((action.title,), (f"{action.code} · {owner} · {due}{first}{important}",))


def _some(label: str, lines: Sequence[Line], number: int) -> list[Element]:
    return [Group(f"{label} ({number})", (*lines[:SHOWN], *_more(len(lines))))] if lines else []


def _more(number: int) -> list[Line]:
    return [Line((f"+{number - SHOWN} more",))] if number > SHOWN else []


def _bumps(found: Pack) -> list[Element]:
    if not found.bumps:
        return []
    loose = [each for each in found.bumps if each.bump is not None][:BUMPS_PRESSED]
    rows: list[Element] = [Row(each.text, _bump_facts(each), _promote(each)) for each in loose]
    rest = [each for each in found.bumps if each not in loose]
    if not rows:
        return _some("Road bumps", [Line((Bold(each.text),), (_bump_facts(each),)) for each in rest], len(rest))
    others = tuple(Line((Bold(each.text),), (_bump_facts(each),)) for each in rest[:SHOWN])
    also: list[Element] = [Group("Also in the way", (*others, *_more(len(rest))))] if rest else []
    return [Paragraph((Bold(f"Road bumps ({len(found.bumps)})"),)), *rows, *also]


def _bump_facts(each: Bump) -> str:
    code = [each.blocker.code] if each.blocker is not None else []
    return " · ".join([*code, age_words(each.age_days), *([each.whom] if each.whom else [])])


def _promote(each: Bump) -> Button | None:
    if each.bump is None:
        return None
    spoken = f"Make it a blocker: {each.text}"[:150]
    return Button("Make it a blocker", "weekly.blocker", {"bump": str(each.bump.id)}, spoken=spoken)


def _plans(found: Pack) -> list[Element]:
    plans = [each for each in found.plans if each.goals]
    if not plans:
        return []
    monday, _ = rules.plan_week(found.run)
    state = f"confirmed by {found.confirmed_by}" if found.run.confirmed_at else "proposed"
    lines = tuple(_plan_line(each) for each in plans[:SHOWN])
    return [Group(f"Plan from {short_day(monday)}, {state}", (*lines, *_more(len(plans))))]


def _plan_line(each: Plan) -> Line:
    return Line((Bold(each.name),), ("; ".join(goal.text for goal in each.goals),))


def _lacks(found: Pack) -> list[Element]:
    lines = [Line((f"{each.code} {each.title}",), (_lack(each),)) for each in found.unsponsored]
    lines += [Line((f"{each.code} {each.title}",), ("no owner",)) for each in found.ownerless]
    return [Group("Needs an owner or a sponsor", (*lines[:SHOWN], *_more(len(lines))))] if lines else []


def _lack(each: Initiative) -> str:
    lacks = [*(["sponsor"] if each.sponsor_id is None else []), *(["owner"] if each.owner_id is None else [])]
    return f"no {listing(lacks, 'and no')}"


def _pack_buttons(found: Pack, *, in_room: bool) -> tuple[Button, ...]:
    ids = run_ids(found.run)
    return (
        Button("All tasks", "weekly.tasks", ids, spoken="All tasks of this week, for you alone"),
        Button("Next week's plan", "weekly.plan", ids, spoken="Next week's plan, for you alone"),
        Button(
            "Add my line", "weekly.form", ids, opens_form=True, primary=False if in_room else not found.run.posted_at
        ),
    )


def tasks(found: Pack) -> Card:
    """Everything behind the pack's counts, for who wants to see it whole."""
    figures = found.figures
    sections = (("Done", figures.done), ("Late", figures.late), (f"Due in {rules.DUE_DAYS} days", figures.due))
    groups = tuple(
        Group(f"{label} ({len(actions)})", tuple(_task(each, found) for each in actions))
        for label, actions in sections
        if actions
    )
    words = f"{found.team.name}, week {found.run.iso_week}. {_counts(figures)}"
    return Card(words, (Title(pack_title(found)), Paragraph((_counts(figures),)), *groups))


# --- the plan, P-12


def plan(found: Pack, *, may_confirm: bool) -> Card:
    """Next week's goals person by person; who leads may confirm or edit."""
    run = found.run
    monday, _ = rules.plan_week(run)
    plans = [each for each in found.plans if each.goals]
    state = _plan_state(found)
    lines = tuple(_plan_line(each) for each in plans)
    goals: list[Element] = [Group("Goals", lines)] if lines else [Paragraph(("Nobody has a goal yet.",))]
    return Card(
        f"Plan of {found.team.name} from {day(monday)}: {state}",
        (
            Title("Next week's plan"),
            Note(f"{found.team.name} · from {day(monday)}"),
            Paragraph((state,)),
            *goals,
            *([Buttons(_plan_buttons(run, is_empty=not lines))] if may_confirm else []),
        ),
    )


def _plan_state(found: Pack) -> str:
    run = found.run
    if run.confirmed_at is None:
        return "It is proposed until somebody who leads the team confirms it."
    return f"Confirmed by {found.confirmed_by}, {short_day(run.confirmed_at.astimezone(found.zone).date())}."


def _plan_buttons(run: WeeklyRun, *, is_empty: bool) -> tuple[Button, ...]:
    edit = Button("Edit", "weekly.edit", run_ids(run), opens_form=True, spoken="Edit next week's plan")
    if run.confirmed_at is not None or run.posted_at is None or is_empty:
        return (edit,)
    confirm = Button("Confirm", "weekly.confirm", run_ids(run), primary=True, spoken="Confirm next week's plan")
    return (confirm, edit)


def please_confirm(found: Pack) -> Card:
    """P-12."""
    card = plan(found, may_confirm=True)
    if found.run.confirmed_at is not None:
        return card
    words = "Please confirm next week's plan."
    title, note, _, *rest = card.elements
    return Card(words, (title, note, Paragraph((words,)), *rest))


# --- P-11


def summary(found: Pack) -> Card:
    """The end of a week: what was done, whom we thank, what is out of the way, what comes."""
    figures, team = found.figures, found.team.name
    finished = _finished(figures)
    elements: list[Element] = [Title(pack_title(found)), *([Paragraph((finished,))] if finished else [])]
    if found.milestones:
        elements += _milestones(found)
    if found.removed:
        lines = tuple(Line((each,)) for each in found.removed[:SHOWN])
        elements.append(Group("Out of the way", (*lines, *_more(len(found.removed)))))
    elements += _plans(found)
    met = f" Milestones met: {listing([each.title for each in found.milestones])}." if found.milestones else ""
    return Card(f"{team}, this week: {finished}{met}".replace(":  ", ": "), tuple(elements))


def _finished(figures: Figures) -> str:
    """How many tasks were finished, and what is different from the week before; Source: domain.md S3-43."""
    more = len(figures.done) - figures.done_before
    change = "as many as last week" if not more else f"{abs(more)} {'more' if more > 0 else 'fewer'} than last week"
    told = f"{count(len(figures.done), 'task')} finished, {change}." if figures.done or more else ""
    if figures.on_time.due:
        told += f" On time: {share_words(figures.on_time)}, last week {share_words(figures.on_time_before)}."
    return told.strip()
