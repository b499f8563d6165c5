"""What is said about a change of a measure, and why something can't be taken. Source: domain.md 3.3."""

from collections.abc import Sequence
from decimal import Decimal

from bot.chat.cards import Card, Group, Line, Note, Paragraph, Title, says
from bot.chat.spans import Bold
from bot.chat.words import count, cut, day, listing, typed
from bot.measures import rules, taking, views
from bot.measures.taking import Bad, Flaw
from storage.measures import Measure, MeasureConflict, Reading

UNCHANGED = "Nothing was changed."


def which(code: str, known: Sequence[str]) -> str:
    """E-04 for a measure."""
    return f"I can't find the measure {cut(code) or 'you mean'}. I know: {', '.join(known) or 'none yet'}. {UNCHANGED}"


def unknown(what: str, name: str, known: Sequence[str], more: str = "") -> str:
    """E-04 for a department or an objective."""
    those = f" I know: {', '.join(known)}." if known else ""
    return f"I know no {what} '{cut(name)}'.{those}{more} {UNCHANGED}"


def way_to_objective() -> str:
    """How an objective comes about."""
    line = typed('initiative objective "Right first time"')
    return f" A lead adds one with {line}."


def not_one_of(what: str, text: str, known: Sequence[str]) -> str:
    """A word that has to be one of some."""
    return f"I don't know the {what} '{cut(text)}'. It can be {listing(known, 'or')}. {UNCHANGED}"


def flawed(bad: Bad, measure: Measure) -> str:
    """Why a number can't be taken, and what to do."""
    return f"{_flaw(bad, measure)} {UNCHANGED}"


def _flaw(bad: Bad, measure: Measure) -> str:
    low, high = taking.scale_of(measure)
    limits = taking.range_of(measure.kind)
    text, shown = cut(bad.text), f" from {limits[0]} to {limits[1]}" if limits else ""
    match bad.flaw:
        case Flaw.NO_VALUE:
            return f"What is the number? For example: {views.recording(measure)}."
        case Flaw.NOT_A_VALUE | Flaw.OUT_OF_RANGE:
            return f"I can't read '{text}' as a number{shown} for {measure.name}."
        case Flaw.NOT_WHOLE:
            return f"'{text}' is no count: please give whole numbers from 0 up."
        case Flaw.NO_ANSWERS:
            return f"Without an answer there is no value for {measure.name}."
        case Flaw.ALL_THREE:
            return f"Please add {text}: too; I need promoters:, passives: and detractors:, also where one is 0."
        case Flaw.NOT_THE_SUM:
            return f"The counts come to {text}, which is not what n: says. Please check them, or leave n: out."
        case Flaw.MORE_THAN_ALL:
            return f"{text} is more than there are in n:."
        case Flaw.NEEDS_ALL:
            return "Of how many? Please add n:, as in met:920 n:1000."
        case Flaw.NOT_SO_MANY:
            return f"{measure.name} has answers from {low} to {high}: I need {high - low + 1} counts and found {text}."
        case Flaw.NOT_THIS_KIND:
            return f"{measure.name} is a {measure.kind.value} measure, which has no {text}:. {_has(measure)}"
        case Flaw.TWICE:
            return f"Please give the value or {text}:, not both: I work the value out from the counts."


def _has(measure: Measure) -> str:
    return f"For example: {views.recording(measure)}."


def not_in_future(words: str) -> str:
    """A period that is not over or has not begun."""
    return f"{words} is still to come, so there can't be a number for it yet. {UNCHANGED}"


def other_frequency(measure: Measure, text: str) -> str:
    """A period of another length."""
    ways = {"daily": "23 Nov", "weekly": "2026-W48", "monthly": "2026-11", "quarterly": "2026-Q4"}
    wanted = measure.frequency.value
    return f"{measure.name} is a {wanted} number, and '{cut(text)}' is none of its periods. {_as(ways[wanted])}"


def _as(example: str) -> str:
    return f"Please name one like period:{example}. {UNCHANGED}"


def recorded_before(measure: Measure, reading: Reading) -> str:
    """A second number for one period of a measure that others rely on."""
    line = typed(f'measure correct {measure.code} period:{reading.period_on} … reason:"…"')
    return f"{measure.name} has a number for {views.period(reading)} already. To correct it: {line}. {UNCHANGED}"


def nothing_to_correct(measure: Measure, words: str) -> str:
    """A correction of what was never recorded."""
    return f"There is no number of {measure.name} for {words} yet: {views.recording(measure)}. {UNCHANGED}"


def needs_reason(measure: Measure) -> str:
    """A correction without a word why."""
    line = typed(f'measure correct {measure.code} 80 reason:"a late return"')
    return f"Please add why, so that everybody can see it later. For example: {line}. {UNCHANGED}"


def as_it_was(measure: Measure, words: str) -> str:
    """A correction that changes nothing."""
    return f"That is the number that {measure.name} has for {words}. {UNCHANGED}"


def only_owner(measure: Measure) -> str:
    """E-03 for a measure."""
    return f"Only the owner of {measure.name}, its team's lead or an administrator can record it. {UNCHANGED}"


def only_shapers(what: str) -> str:
    """E-03 for what a measure is about."""
    return f"Only a lead, a department's head, the secretary, the chair or an administrator can {what}. {UNCHANGED}"


def only_inside() -> str:
    """E-03 for people of other companies."""
    return f"That is for people of the organisation. {UNCHANGED}"


def overtaken(name: str, measure: Measure) -> str:
    """E-20."""
    return f"{name} changed {measure.code} a moment ago. Your change was not made; please try again."


# --- a new one


def code_taken(measure: Measure) -> str:
    """A second measure with one code."""
    return f"{measure.code} is already {measure.name}. Please choose another code; nothing was changed."


def not_a_code(text: str) -> str:
    """A code that can't stand in a command."""
    return (
        f"'{cut(text)}' can't be a code: it is one word of at most {rules.CODE_MAX} characters, such as code:FTF. "
        f"{UNCHANGED}"
    )


def name_too_long(length: int) -> str:
    """A name that no list could show."""
    return f"That name has {length} characters, and at most {rules.NAME_MAX} fit. {UNCHANGED}"


def text_too_long(what: str, longest: int, length: int) -> str:
    """More words than a card can show."""
    return f"That {what} has {length} characters, and at most {longest} fit. {UNCHANGED}"


def needs_name() -> str:
    """A measure without a name."""
    return f"What is it called? For example: {views.adding()}"


def other_unit(kind: Measure.Kind, units: Sequence[Measure.Unit]) -> str:
    """A unit in which its kind is not counted."""
    return f"A {kind.value} measure is counted in {listing([each.value for each in units], 'or')}. {UNCHANGED}"


def not_a_scale(kind: Measure.Kind) -> str:
    """A scale that does not fit its kind."""
    match kind:
        case Measure.Kind.NPS | Measure.Kind.CES:
            low, high = taking.SCALES[kind]
            said = f"A {kind.value} question is answered from {low} to {high}; for another one take kind:index."
        case Measure.Kind.CSAT:
            said = "Please write the scale as scale:1-5; for another one also from where it counts, top:8."
        case _:
            said = f"A {kind.value} measure has no scale of answers."
    return f"{said} {UNCHANGED}"


def not_hard(kind: Measure.Kind) -> str:
    """An opinion that should count as behaviour."""
    return f"hard: can be yes or no; a {kind.value} measure asks for an opinion, so it is never hard. {UNCHANGED}"


def amber_is_wrong(measure: Measure) -> str:
    """An amber limit on the wrong side of the target, or without one."""
    side = "below" if measure.better is Measure.Better.UP else "above"
    return f"The amber limit of {measure.name} lies {side} its target: add target: and amber: together. {UNCHANGED}"


# --- what it is about


def linked(measure: Measure, said: Sequence[str]) -> Card:
    """What it was tied to."""
    return says(f"{measure.name}: {listing(said)}.")


def nothing_to_link(measure: Measure) -> str:
    """A link without an end."""
    line = typed(f'measure link {measure.code} objective:"Right first time" outcome:"fewer visits paid twice"')
    return f"What should I link it to? For example: {line}. {UNCHANGED}"


def pair_is_soft(pair: Measure) -> str:
    """A pair that counts opinion."""
    return f"{pair.name} counts opinion; a pair counts behaviour or money. {UNCHANGED}"


def needs_anchor(measure: Measure) -> str:
    """E-12."""
    return (
        "A headline measure needs an objective and a financial outcome. Add them with "
        f"{typed(f'measure link {measure.code}')} objective:… outcome:… {UNCHANGED}"
    )


def headlined(measure: Measure, *, is_alone: bool) -> Card:
    """The council sees it from now on, or no more."""
    if not measure.headline:
        return says(f"{measure.name} is no headline measure any more.")
    said = f"{measure.name} is a headline measure: the council sees it each time."
    if not is_alone:
        return says(said)
    note = "It asks for an opinion and has no hard measure beside it. Add one with"
    return Card(said, (Paragraph((said,)), Note(f"{note} {typed(f'measure link {measure.code} pair:CODE')}.")))


def is_so_already(measure: Measure) -> str:
    """A headline that is one, or none that is none."""
    return f"{measure.name} is {'a' if measure.headline else 'no'} headline measure already. {UNCHANGED}"


def aimed(measure: Measure, before: Decimal | None) -> Card:
    """Another target."""
    now = "no target" if measure.target is None else f"target {views.target(measure, measure.target)}"
    amber = f", amber to {views.target(measure, measure.amber_at)}" if measure.amber_at is not None else ""
    old = "" if before is None else f" It was {views.target(measure, before)}."
    return says(f"{measure.name}: {now}{amber}.{old}")


def needs_target(measure: Measure) -> str:
    """A target without a number."""
    line = typed(f'measure target {measure.code} 90 amber:85 reason:"agreed with Field"')
    return f"Which target, and why? For example: {line}. {UNCHANGED}"


# --- what pulls apart


def conflict_raised(conflict: MeasureConflict, one: Measure, other: Measure) -> Card:
    """A new conflict."""
    return says(f"{views.conflict_line(conflict, one, other)}. The council sees it until a decision closes it.")


def conflict_there(conflict: MeasureConflict, one: Measure, other: Measure) -> str:
    """The same one twice."""
    return f"That is known: {views.conflict_line(conflict, one, other)}. {UNCHANGED}"


def conflict_closed(one: Measure, other: Measure, code: str) -> Card:
    """A decision settled it."""
    return says(f"{code} closes the conflict between {one.code} and {other.code}.")


def no_conflict(one: Measure, other: Measure) -> str:
    """Nothing to close."""
    return f"{one.code} and {other.code} have no open conflict. {UNCHANGED}"


def raised_again(one: Measure, other: Measure) -> str:
    """An Undo that would leave two open ones."""
    return f"{one.code} and {other.code} were said to pull apart again since, so this stays closed. {UNCHANGED}"


def not_decided(code: str, state: str) -> str:
    """A decision that does not hold."""
    return f"{code} is {state}, so it can't close a conflict. {UNCHANGED}"


def no_decision(code: str) -> str:
    """E-04 for a decision."""
    return f"I can't find the decision {cut(code)}. {UNCHANGED}"


def needs_two() -> str:
    """A conflict of one."""
    return f"Which two, and why? For example: {conflicting()}. {UNCHANGED}"


def conflicting() -> str:
    """How a conflict is raised."""
    return typed('measure conflict AHT FTF "Short calls leave out the diagnosis"')


def one_department(one: Measure, other: Measure, department: str) -> str:
    """A conflict that a department settles itself."""
    return f"{one.code} and {other.code} both belong to {department}, which can settle it itself. {UNCHANGED}"


def conflicts(found: Sequence[tuple[MeasureConflict, Measure, Measure]]) -> Card:
    """Every open one, oldest first."""
    if not found:
        return says("No measures pull apart, as far as anybody said.", f"Say so with {conflicting()}.")
    lines = tuple(
        Line((Bold(f"{one.code} and {other.code}"), f"  {each.why}"), (f"since {day(each.raised_on)}",))
        for each, one, other in found
    )
    return Card(f"{count(len(found), 'open conflict')}.", (Title("Measures that pull apart"), Group("Open", lines)))


def corrected(measure: Measure, old: str, new: str, *, words: str, reason: str) -> Card:
    """A correction, with what it replaced."""
    return says(f"{measure.name} for {words}: {new}, before that {old}. Reason: {reason}. Both stay visible.")
