"""One initiative as people see it. Source: domain.md K-06."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, Note, Title
from bot.chat.spans import Bold, Colour, Hue, Text
from bot.chat.words import count, day, listing, rounded, short_day
from bot.initiatives.rules import INITIATIVE_MOVES, READ_WITHIN, SIGNS, CharterState, horizon
from bot.initiatives.scoring import Worth
from bot.people.rules import first_name
from bot.work import slip
from bot.work.rules import Part, moves_from, state_words
from storage.initiatives import (
    Batch,
    Charter,
    Domain,
    Initiative,
    Milestone,
    Objective,
    Stakeholder,
    StrategyFrame,
)
from storage.measures import Measure
from storage.people import Person

PART_WORDS = {
    Stakeholder.Part.ACCOUNTABLE: "Accountable",
    Stakeholder.Part.RESPONSIBLE: "Responsible",
    Stakeholder.Part.CONSULTED: "Consulted",
    Stakeholder.Part.INFORMED: "Informed",
}
HUE_WORDS = {Hue.RED: "red", Hue.AMBER: "amber", Hue.GREEN: "green", Hue.BLUE: "achieved"}


@dataclass(frozen=True, slots=True)
class Around:
    """An initiative with what its card shows."""

    initiative: Initiative
    today: date
    people: Mapping[int, Person]
    domain: Domain | None
    batch: Batch | None
    frame: StrategyFrame | None
    objectives: Sequence[Objective]
    measures: Sequence[Measure]
    charter: Charter | None
    stakeholders: Sequence[tuple[Stakeholder, Person]]
    unread: Sequence[Person]
    """Who has not read for three working days what it means."""
    waits_for: Sequence[tuple[Initiative, int]]
    needed_by: Sequence[Initiative]
    next_milestone: Milestone | None
    hue: Hue | None
    worth: Worth | None
    raters: int
    case_line: str = ""
    trained: tuple[int, int] | None = None
    """Of those who have work in it, who has finished its module and how many they are; None where it has no module."""
    """What it saves, in words."""

    def person(self, number: int | None) -> Person | None:
        """Somebody of it by their number."""
        return self.people.get(number or 0)


def card(around: Around, *, parts: Collection[Part], more: Sequence[Button] = ()) -> Card:
    """K-06, as somebody with these parts sees it; `more` is what can be done with it elsewhere."""
    initiative = around.initiative
    elements: list[Element] = [
        Title(initiative.title),
        Note(_note(around)),
        Facts(_facts(around)),
        *_dependencies(around),
        Group("Checks", _checks(around)),
        *_people(around, parts),
        *_buttons(around, parts, more),
    ]
    return Card(f"{initiative.code} {initiative.title}: {standing(initiative)}.", tuple(elements))


def standing(initiative: Initiative) -> str:
    """`in flight`, `closed, impact not measured`."""
    words = state_words(initiative.state)
    if initiative.state is Initiative.State.CLOSED and not initiative.impact_measured:
        return f"{words}, impact not measured"
    return words


def _note(around: Around) -> str:
    initiative, charter = around.initiative, around.charter
    said = [initiative.code, f"priority {initiative.priority.value}", initiative.kind.value]
    said += [initiative.stage] if initiative.stage else []
    said += [f"charter edition {charter.edition} {_charter_words(charter)}"] if charter else ["no charter yet"]
    return " · ".join(said)


def _charter_words(charter: Charter) -> str:
    match charter.state:
        case CharterState.DRAFT:
            return "in draft"
        case CharterState.IN_REVIEW:
            return "in review"
        case CharterState.APPROVED:
            return "approved"


def _facts(around: Around) -> tuple[tuple[str, Text], ...]:
    initiative, batch = around.initiative, around.batch
    sponsor, owner = around.person(initiative.sponsor_id), around.person(initiative.owner_id)
    colour: Text = (Colour(around.hue, HUE_WORDS[around.hue]), " · ") if around.hue else ()
    known = (
        ("Domain", around.domain.name if around.domain else ""),
        ("Batch", f"{batch.code} {batch.name}" if batch else ""),
        ("Ends", ends(initiative, around.frame, around.today) if initiative.ends_on else ""),
        ("Sponsor", sponsor.name if sponsor else "no sponsor"),
        ("Owner", owner.name if owner else "no owner"),
        ("Objective", listing([each.name for each in around.objectives]) or "no objective"),
        ("Measure", listing([f"{each.name} ({each.code})" for each in around.measures]) or "no measure"),
        ("Next milestone", _next(around.next_milestone)),
        ("Worth", worth_words(around.worth, around.raters)),
        ("Case", around.case_line),
    )
    return (("Stands", (*colour, standing(initiative))), *((label, (words,)) for label, words in known if words))


def ends(initiative: Initiative, frame: StrategyFrame | None, today: date) -> str:
    """`Fri 29 Jan 2027, short term`."""
    if initiative.ends_on is None:
        return "no end date"
    return f"{day(initiative.ends_on)}, {horizon(initiative.ends_on, frame, today).value} term"


def _next(milestone: Milestone | None) -> str:
    if milestone is None:
        return "no milestone"
    return f"{milestone.title} {milestone.code}, {day(slip.end_on(milestone))}{slip_words(milestone)}"


def slip_words(milestone: Milestone) -> str:
    """`, 21 days late`, `, on its date`; nothing while there is no baseline."""
    days = slip.slip_days(milestone)
    if days is None:
        return ""
    if days == 0:
        return ", on its date"
    return f", {count(abs(days), 'day')} {'late' if days > 0 else 'early'}"


def worth_words(worth: Worth | None, raters: int) -> str:
    """`ratio 2.50, net 3.0, quick win, by 2 people`."""
    if worth is None:
        return "not scored"
    ratio, net = (rounded(_decimal(each), places) for each, places in ((worth.ratio, 2), (worth.net, 1)))
    return f"ratio {ratio}, net {net}, {worth.quadrant.value}, by {count(raters, 'person', 'people')}"


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _dependencies(around: Around) -> list[Element]:
    before = tuple(Line((*_named(each),), (_lag(each, lag),)) for each, lag in around.waits_for)
    after = tuple(Line((*_named(each),), (standing(each),)) for each in around.needed_by)
    found = (("Depends on", before), ("Needed by", after))
    return [Group(label, lines) for label, lines in found if lines]


def _named(initiative: Initiative) -> Text:
    return (Bold(initiative.title), f"  {initiative.code}")


def _lag(initiative: Initiative, lag: int) -> str:
    return f"{standing(initiative)}, and {count(lag, 'day')} after it" if lag else standing(initiative)


def _checks(around: Around) -> tuple[Line, ...]:
    """The five challenges. Source: domain.md S3-03."""
    charter, people = around.charter, around.stakeholders
    have_read = sum(row.read_at is not None for row, _ in people)
    budget = money(charter.budget, charter.currency) if charter and charter.budget is not None else ""
    back = money(charter.expected_return, charter.currency) if charter and charter.expected_return is not None else ""
    return (
        _check("Priority", around.worth is not None, around.initiative.priority.value, "not scored yet"),
        _trained(around.trained),
        _check(
            "Buy-in", bool(people) and have_read == len(people), "all have read it", _buy_in(have_read, len(people))
        ),
        _check("Budget", bool(budget), budget, "missing"),
        _check("Expected return", bool(back), f"{back} in the first year", "missing"),
    )


def _trained(share: tuple[int, int] | None) -> Line:
    if share is None:
        return _check("Trained", False, "", "not recorded")
    finished, people = share
    words = f"{finished} of {people} have finished the module" if people else "nobody has work in it yet"
    return _check("Trained", bool(people) and finished == people, "all have finished the module", words)


def _check(label: str, holds: bool, kept: str, open_words: str) -> Line:  # noqa: FBT001 - a line of a table
    return Line((Bold(label), f"  {'yes' if holds else 'open'}, {kept if holds else open_words}"))


def _buy_in(have_read: int, people: int) -> str:
    return f"{have_read} of {people} have read it" if people else "nobody is named yet"


def _people(around: Around, parts: Collection[Part]) -> list[Element]:
    by_part: dict[Stakeholder.Part, list[str]] = defaultdict(list)
    for row, person in around.stakeholders:
        by_part[row.part].append(person.name)
    lines = [Line((Bold(word), f"  {listing(by_part[part])}")) for part, word in PART_WORDS.items() if by_part[part]]
    if around.unread and {Part.OWNER, Part.LEAD} & {*parts}:
        names = listing([first_name(each) for each in around.unread])
        lines.append(Line((f"{names}: not read yet, after {READ_WITHIN} working days",)))
    return [Group("People", tuple(lines))] if lines else []


def _buttons(around: Around, parts: Collection[Part], more: Sequence[Button]) -> list[Element]:
    initiative = around.initiative
    buttons = list(more)
    if around.charter is not None:
        buttons.insert(0, press(initiative, "Charter", "initiative.show_charter"))
    elif moves_from(INITIATIVE_MOVES, "charter", initiative.state) and {Part.OWNER, Part.LEAD} & {*parts}:
        buttons.insert(0, press(initiative, "Write the charter", "initiative.charter", opens_form=True))
    return [Buttons(tuple(buttons))] if buttons else []


def press(initiative: Initiative, text: str, verb: str, *, primary: bool = False, opens_form: bool = False) -> Button:
    """A button about one initiative; screen readers hear which."""
    ids = {"initiative": str(initiative.id)}
    return Button(text, verb, ids, primary=primary, opens_form=opens_form, spoken=f"{text}: {initiative.code}")


def money(minor: int, currency: str) -> str:
    """`£15,000`, `£12.50`, `CHF 900`."""
    sign = SIGNS.get(currency, f"{currency} ")
    whole, rest = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{sign}{whole:,}" + (f".{rest:02}" if rest else "")


def until(first: date | None, last: date | None) -> str:
    """`Mon 4 Jan to Fri 26 Mar 2027`."""
    if first and last:
        return f"{short_day(first)} to {day(last)}"
    return f"from {day(first)}" if first else f"until {day(last)}" if last else "no dates yet"
