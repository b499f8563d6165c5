"""The words about what customers say, what others can reuse, and what is known from research."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Row, Title, Words, says
from bot.chat.spans import Bold
from bot.chat.words import count, cut, day, listing, typed
from storage.customers import Adoption, BestPractice, ResearchNote, VocItem

UNCHANGED = "Nothing was changed."
WORDS_MAX = 1000  # characters of what a customer said
PRACTICE_MAX = 500  # characters: one paragraph of a card
NOTE_MAX = 1000  # characters of a research note
LINK_MAX = 500  # characters
STAGE_MAX = 60  # characters
SCORE_MAX = 10
"""The highest score that a customer gives."""
ROWS = 5  # practices with a button beside them; a card holds six

ADOPT, NOT_FOR_US = "practice.adopt", "practice.decline"
_LEVELS = {
    ResearchNote.Level.STRATEGIC: "Strategic",
    ResearchNote.Level.OPERATIONAL: "Operational",
    ResearchNote.Level.RESEARCH: "From research",
}


# --- what customers say


def kept(item: VocItem, typed_words: str, *, told: Sequence[str] = (), more: Sequence[Button] = ()) -> Card:
    """What was stored, with what was left out of it, whom it was `told`, and what else can be done with it.

    Nobody is told of what is not high; where it is high and nobody is there, it says what to do instead.
    """
    hears = f" {listing(told)} {'hears' if len(told) == 1 else 'hear'} of it." if told else ""
    hears = f" {NOBODY_HEARS}" if item.is_high and not told else hears
    hidden = (Note("I left out what could name the customer."),) if item.words != typed_words else ()
    facts = _facts(item)
    elements: list[Element] = [Paragraph((Bold(item.code), f" is kept.{hears}")), _quote(item)]
    elements += [*((Note(facts),) if facts else ()), *hidden]
    elements += [Buttons(tuple(more))] if more else []
    return Card(f"{item.code} is kept.{hears}", tuple(elements))


NOBODY_HEARS = (
    "Nobody else hears of it: I know no head of its department and no sponsor whom I could tell. Please call the "
    "customer back, or ask somebody to."
)


def make_action(item: VocItem) -> Button:
    """Somebody is to call the customer back."""
    spoken = f"Make {item.code} an action with an owner and a date"
    return Button("Make it an action", "action.from_voc", {"voc": str(item.id)}, opens_form=True, spoken=spoken)


@dataclass(frozen=True, slots=True)
class Alert:
    """Words of a customer that somebody should look at today, who heard them, and whose matter they are."""

    item: VocItem
    by: str
    department: str
    call_back_on: date


def alert(found: Alert, *, more: Sequence[Button] = ()) -> Card:
    """K-17, P-13: to the head of the department and the sponsor."""
    item = found.item
    facts = [f"heard by {found.by}" if found.by else "", found.department, _facts(item)]
    please = f"Please see that somebody calls back by {day(found.call_back_on)}."
    elements = (
        Title("A customer needs somebody"),
        _quote(item),
        Note(" · ".join(each for each in facts if each)),
        Paragraph((please,)),
        Buttons((make_action(item), *more)),
    )
    return Card(f"A customer says: “{item.words}” ({item.code}). {please}", elements)


def no_such_department(name: str, known: Sequence[str]) -> str:
    """E-04."""
    return f"I can't find a department called '{cut(name)}'. There is {listing(known)}. {UNCHANGED}"


def _quote(item: VocItem) -> Words:
    return Words(item.words, f"{item.code}, {day(item.received_on)}")


def _facts(item: VocItem) -> str:
    score = "" if item.score is None else f"score {item.score} of {SCORE_MAX}"
    return " · ".join(each for each in ("high" if item.is_high else "", item.stage, score) if each)


def voices(found: Sequence[VocItem]) -> Card:
    """What customers said, newest first."""
    if not found:
        return says("Nobody has written down what customers say yet.", f"For example: {voicing()}")
    elements: list[Element] = [Title("In the customer's words")]
    for each in found:
        elements.append(_quote(each))
        if facts := _facts(each):
            elements.append(Note(facts))
    return Card(f"{count(len(found), 'customer’s word', 'customers’ words')}, the newest first.", tuple(elements))


def voicing() -> str:
    """How a customer's words are kept."""
    return typed('voc add "I took a second morning off for this." stage:Visit score:2')


def needs_words() -> str:
    """A voice without words."""
    return f"What did the customer say? For example: {voicing()}. {UNCHANGED}"


def too_long(what: str, longest: int, length: int) -> str:
    """More than a card can show."""
    return f"{what} has {length} characters, and at most {longest} fit. {UNCHANGED}"


def not_a_score(text: str) -> str:
    """A score that is none."""
    return f"'{cut(text)}' is no score: it is a whole number from 0 to {SCORE_MAX}. {UNCHANGED}"


def not_high(text: str) -> str:
    """A word behind the quote that is not `high`."""
    may_stand = "Behind the quoted words may stand: high, stage:, score:, dept:."
    return f"I don't know what '{cut(text)}' is. {may_stand} {UNCHANGED}"


def is_it_high(words: str, keys: Mapping[str, str]) -> str:
    """Words without quotes that end in `high`: theirs, or the customer's."""
    said = cut(words.replace('"', "'"))
    rest = "".join(f' {name}:"{value}"' for name, value in keys.items())
    today, theirs = typed(f'voc add "{said}"{rest} high'), typed(f'voc add "{said} high"{rest}')
    return f"Should somebody hear of it today? Then: {today}. If the customer said 'high': {theirs}. {UNCHANGED}"


def only_inside() -> str:
    """E-03 for people of other companies."""
    return f"That is for people of the organisation. {UNCHANGED}"


# --- what others can reuse


@dataclass(frozen=True, slots=True)
class Offer:
    """A practice, whose it is, and what departments said to it, by name."""

    practice: BestPractice
    department: str
    adopted: Sequence[str] = ()
    declined: Sequence[str] = ()


def adoptions(offer: Offer) -> str:
    """`Adopted by 2: Billing and Digital`."""
    if not offer.adopted:
        return "Adopted by nobody yet"
    return f"Adopted by {len(offer.adopted)}: {listing(offer.adopted)}"


def told(offer: Offer, asked: int) -> Card:
    """A practice that was written down."""
    whom = f"I offer it to {count(asked, 'department')}." if asked else "No other department has a head I could ask."
    said = f"Kept as a practice of {offer.department}. {whom}"
    return Card(said, (Paragraph((said,)), Paragraph((offer.practice.text,))))


def offered(offer: Offer, mine: str, verdict: Adoption.Verdict | None) -> Card:
    """A practice in front of another department's head; `mine` is that department."""
    title = "What others can reuse"
    state = {Adoption.Verdict.ADOPTED: f"{mine} adopted it.", Adoption.Verdict.NOT_FOR_US: f"Not for {mine}."}
    elements: list[Element] = [
        Title(title),
        Paragraph((Bold(offer.department), ": ", offer.practice.text)),
        Note(adoptions(offer)),
    ]
    elements.append(_choices(offer.practice) if verdict is None else Paragraph((state[verdict],)))
    return Card(f"{offer.department} offers a practice: {offer.practice.text}", tuple(elements))


def _choices(practice: BestPractice) -> Buttons:
    ids = {"practice": str(practice.id)}
    return Buttons((Button("Adopt", ADOPT, ids, primary=True), Button("Not for us", NOT_FOR_US, ids)))


def answered(offer: Offer, mine: str, verdict: Adoption.Verdict, *, is_new: bool) -> Card:
    """What somebody said for their department."""
    if verdict is Adoption.Verdict.ADOPTED:
        said = f"{mine} adopts it." if is_new else f"{mine} has adopted it already."
    else:
        said = f"Noted: not for {mine}." if is_new else f"{mine} said before that it is not for them."
    return says(f"{said} {adoptions(offer)}.")


def practices(offers: Sequence[Offer], open_ones: Mapping[int, bool]) -> Card:
    """The newest practices; those that one's department has not answered have a button."""
    if not offers:
        return says("No practice is written down yet.", f"For example: {practising()}")
    rows = [each for each in offers if open_ones.get(each.practice.id)][:ROWS]
    shown = {each.practice.id for each in rows}
    lines = tuple(
        Line((Bold(each.department), f": {each.practice.text}"), (adoptions(each),))
        for each in offers
        if each.practice.id not in shown
    )
    elements: list[Element] = [Title("What others can reuse"), *(_row(each) for each in rows)]
    if lines:
        elements.append(Group("All of them" if not rows else "The others", lines))
    return Card(f"{count(len(offers), 'practice')}, the newest first.", tuple(elements))


def _row(offer: Offer) -> Row:
    button = Button("Adopt", ADOPT, {"practice": str(offer.practice.id)}, spoken=f"Adopt what {offer.department} does")
    return Row(f"{offer.department}: {offer.practice.text}", adoptions(offer), button)


def practising() -> str:
    """How a practice is written down."""
    return typed('story practice "We read the fault back to the customer before we book a visit"')


def no_department() -> str:
    """A practice, or a word about one, of somebody without a department."""
    return f"I don't know which department you belong to; an administrator can say it. {UNCHANGED}"


def own_practice(department: str) -> str:
    """E-03: a department that would adopt its own."""
    return f"That is what {department} does already: it is for the others to adopt. {UNCHANGED}"


def no_practice() -> str:
    """E-04 for a practice."""
    return f"I can't find that practice any more. {UNCHANGED}"


# --- what is known from research


def noted(note: ResearchNote) -> Card:
    """A research note that was written down."""
    said = f"Noted, {note.level.value}, about {_about(note)}: {note.text}"
    return Card(said, (Paragraph((said,)), *((Note(note.link),) if note.link else ())))


def _about(note: ResearchNote) -> str:
    return "the market" if note.about is ResearchNote.About.MARKET else f"the {note.about.value}"


def research(found: Sequence[ResearchNote], missing: Sequence[ResearchNote.Level]) -> Card:
    """The newest notes by level; `missing` are levels without one."""
    if not found:
        return says("No new research.", f"For example: {researching()}")
    groups = tuple(
        Group(label, tuple(research_line(each) for each in found if each.level is level))
        for level, label in _LEVELS.items()
        if level not in missing
    )
    notes = tuple(Note(f"{level_missing(level)}.") for level in missing)
    title = Title("What we know from research")
    return Card(f"{count(len(found), 'research note')}, by level.", (title, *groups, *notes))


def research_line(note: ResearchNote) -> Line:
    """One note, what it is about and from when."""
    facts = [f"about {_about(note)}", day(note.created_at.date()), note.link]
    return Line((note.text,), (" · ".join(each for each in facts if each),))


def level_missing(level: ResearchNote.Level) -> str:
    """`No strategic insight this period`."""
    return f"No {level.value} insight this period"


def researching() -> str:
    """How a research note is written down."""
    return typed('voc research "Two of three call twice for one fault" level:operational about:experience')


def needs_level(what: str, text: str, known: Sequence[str]) -> str:
    """A note without its level or subject."""
    unknown = f"I don't know {what}{cut(text)}. It" if text else f"Please add {what} It"
    return f"{unknown} can be {listing(known, 'or')}. For example: {researching()}. {UNCHANGED}"


def not_a_link(text: str) -> str:
    """A link that leads nowhere."""
    return f"'{cut(text)}' is no link: it begins with https://. {UNCHANGED}"


def voc_line(item: VocItem) -> str:
    """`V-9, Thu 19 Nov 2026, Visit`: what stands beside a customer's words."""
    return ", ".join(each for each in (item.code, day(item.received_on), item.stage) if each)


def practice_line(offer: Offer) -> str:
    """`Field: We read the fault back · Adopted by 2: Billing and Digital`."""
    return f"{offer.department}: {offer.practice.text} · {adoptions(offer)}"


def orphans_line(number: int) -> str:
    """`3 of what customers said have led to nothing yet`."""
    return f"{number} of what customers said {'has' if number == 1 else 'have'} led to nothing yet"
