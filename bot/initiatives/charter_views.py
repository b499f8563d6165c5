"""The charter: its form, its card, and what is said when it is sent, asked about and approved. Source: K-18."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from bot.chat import lengths
from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, Note, Paragraph, Title
from bot.chat.forms import Form, Input, TextInput
from bot.chat.spans import Bold
from bot.chat.words import count, day, listing
from bot.initiatives.rules import FINAL, NAME_MAX, CharterState
from bot.initiatives.views import money, press
from bot.people.rules import first_name
from bot.work.rules import Part, state_words
from bot.work.views import REASON_MAX
from storage.initiatives import Charter, CharterQuery, Initiative, Phase
from storage.people import Person

OBJECTIVES, BENEFITS, DONE_WHEN, PHASES = "objectives", "benefits", "done_when", "phases"
BUDGET, RETURN, RISKS, UNRANKED, TEXT = "budget", "return", "risks", "unranked", "text"
DAYS = "days"
LONGEST = {OBJECTIVES: 1000, BENEFITS: 1000, DONE_WHEN: 1000, PHASES: 1500, RISKS: 1000}  # characters
PHASES_MOST = 10
NOT_ANSWERED = "not answered yet"
_FACTS_WEIGH = 300


class Shown(NamedTuple):
    """A charter with what stands on its card."""

    initiative: Initiative
    charter: Charter
    phases: Sequence[Phase]
    queries: Sequence[CharterQuery]
    sponsor: Person | None
    owner: Person | None
    case_line: str = ""
    """What its business case comes to."""


def values(charter: Charter | None, phases: Sequence[Phase]) -> Mapping[str, str]:
    """What the form begins with."""
    if charter is None:
        return {}
    return {
        OBJECTIVES: charter.objectives,
        BENEFITS: charter.benefits,
        DONE_WHEN: charter.done_when,
        PHASES: "\n".join(f"{each.name}: {each.exit_criteria}" for each in phases),
        BUDGET: _amount(charter.budget),
        RETURN: _amount(charter.expected_return),
        DAYS: "" if charter.days_per_month is None else str(charter.days_per_month),
        RISKS: charter.risks,
    }


def _amount(minor: int | None) -> str:
    if minor is None:
        return ""
    whole, rest = divmod(minor, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


def form(initiative: Initiative, begins: Mapping[str, str], *, version: int, unranked: bool, approved: bool) -> Form:
    """`unranked` asks why it was not ranked; `approved` says what a change would mean."""
    note = f"{initiative.code} {initiative.title}"
    if approved:
        note += ". Approved: it is asked for again when objectives, benefits, definition of done or budget change."
    why: tuple[Input, ...] = (
        TextInput(UNRANKED, "Why without a ranking?", multiline=True, optional=True, longest=REASON_MAX,
                  hint="Usually initiatives are ranked first."),
    )  # fmt: skip
    inputs: tuple[Input, ...] = (
        _text(OBJECTIVES, "Objectives", "Fault known before a visit is booked"),
        _text(BENEFITS, "Benefits", "30 visits fewer a week"),
        _text(DONE_WHEN, "When is it done?", "40 desks live and 20 calls checked"),
        _text(PHASES, "Phases, one a line", "Pilot: 20 calls without a second visit", hint="Name: what ends it"),
        TextInput(BUDGET, "Budget", optional=True, longest=20, placeholder="15,000", hint="0 is an answer"),
        TextInput(RETURN, "Expected return in the first year", optional=True, longest=20, placeholder="40,000"),
        TextInput(DAYS, "Person days a month", optional=True, longest=6, placeholder="12"),
        _text(RISKS, "Risks", "Training in December"),
    )
    return Form(
        title="Charter",
        verb="initiative.save_charter",
        ids={"initiative": str(initiative.id), "version": str(version)},
        note=note,
        inputs=inputs + (why if unranked else ()),
        closing_note="It can be sent to the sponsor once nothing but the risks is empty.",
        submit="Save",
    ).filled(begins)


def _text(name: str, label: str, placeholder: str, *, hint: str = "") -> TextInput:
    return TextInput(name, label, multiline=True, optional=True, longest=LONGEST[name], placeholder=placeholder,
                     hint=hint)  # fmt: skip


def card(shown: Shown, *, parts: Collection[Part], heading: str = "", page: int = 1) -> Card:
    """K-18, as somebody with these parts sees it: whole, or a page of it where no message holds all of its words."""
    initiative, charter = shown.initiative, shown.charter
    title = heading or ("Will you approve this charter?" if _is_asked(charter, parts) else "Charter")
    pages = _pages(shown)
    number = min(max(page, 1), len(pages))
    note = _note(shown) + (f" · page {number} of {len(pages)}" if len(pages) > 1 else "")
    elements: list[Element] = [
        Title(title),
        Note(note),
        Paragraph((Bold(initiative.title),)),
        *pages[number - 1],
        *_buttons(shown, parts, next_page=number + 1 if number < len(pages) else 0),
    ]
    summary = f"{title} {initiative.code} {initiative.title}, {state_words(charter.state)}."
    return Card(summary, tuple(elements))


def _pages(shown: Shown) -> Sequence[Sequence[Element]]:
    """On one page with its groups, or as paragraphs on several."""
    charter = shown.charter
    phases = [(each.name, each.exit_criteria) for each in shown.phases]
    queries = [(each.text, each.answer or NOT_ANSWERED) for each in shown.queries]
    said = [("Objectives", charter.objectives), ("Benefits", charter.benefits), ("Done when", charter.done_when)]
    lines = [*said, *phases, ("Risks", charter.risks), *queries]
    most = lengths.PAGE_MOST - lengths.weight(shown.initiative.title)
    if sum(lengths.weight(label + text) + 2 * lengths.AROUND for label, text in lines) <= most:
        return [[
            *(each for label, text in said for each in _said(label, text)),
            *_phases(shown.phases),
            Facts(_facts(shown)),
            *_said("Risks", charter.risks),
            *_queries(shown.queries),
        ]]  # fmt: skip
    weighed = [part for label, text in said for part in _divided(label, text)]
    weighed += [part for name, criterion in phases for part in _divided(f"Phase: {name}", criterion)]
    weighed += [(Facts(_facts(shown)), _FACTS_WEIGH), *_divided("Risks", charter.risks)]
    weighed += [part for text, reply in queries for part in _divided(f"Query: {text}", reply)]
    return lengths.paged(weighed, most)


def _divided(label: str, text: str) -> Sequence[tuple[Element, int]]:
    """A text below its label, in as many paragraphs as it needs."""
    heads = lengths.pieces(label)
    found = [(Paragraph((Bold(each.strip()),)), each) for each in heads]
    found += [(Paragraph((each.strip("\n"),)), each) for each in lengths.pieces(text or "not said yet") if each.strip()]
    return [(paragraph, lengths.weight(words) + lengths.AROUND) for paragraph, words in found]


def _is_asked(charter: Charter, parts: Collection[Part]) -> bool:
    """Whether this reader has to say yes or ask."""
    return charter.state is CharterState.IN_REVIEW and Part.SPONSOR in parts


def _note(shown: Shown) -> str:
    charter = shown.charter
    said = [shown.initiative.code, f"edition {charter.edition}", state_words(charter.state)]
    said += [f"sponsor {shown.sponsor.name}" if shown.sponsor else "no sponsor"]
    said += [f"owner {shown.owner.name}" if shown.owner else "no owner"]
    said += [f"approved on {day(charter.approved_at.date())}"] if charter.approved_at else []
    return " · ".join(said)


def _said(label: str, text: str) -> tuple[Element, ...]:
    return (Paragraph((Bold(label), f"\n{text}" if text else "  not said yet")),)


def _phases(phases: Sequence[Phase]) -> tuple[Element, ...]:
    lines = tuple(Line((Bold(each.name),), (each.exit_criteria,)) for each in phases)
    return (Group("Phases, and what ends them", lines),) if lines else _said("Phases", "")


def _facts(shown: Shown) -> tuple[tuple[str, tuple[str]], ...]:
    charter = shown.charter
    budget, back, days = charter.budget, charter.expected_return, charter.days_per_month
    more = ((("Person days a month", (str(days),)),) if days is not None else ()) + (
        (("Business case", (shown.case_line,)),) if shown.case_line else ()
    )
    return (
        ("Budget", (money(budget, charter.currency) if budget is not None else "not said yet",)),
        ("Expected return", (f"{money(back, charter.currency)} in the first year" if back is not None
                             else "not said yet",)),
        *more,
    )  # fmt: skip


def _queries(queries: Sequence[CharterQuery]) -> tuple[Element, ...]:
    lines = tuple(Line((Bold(each.text),), (each.answer or NOT_ANSWERED,)) for each in queries)
    return (Group("Queries", lines),) if lines else ()


def _buttons(shown: Shown, parts: Collection[Part], *, next_page: int) -> tuple[Element, ...]:
    """What somebody can do; yes can be said where the last words of it stand."""
    initiative, charter = shown.initiative, shown.charter
    edits = bool({Part.OWNER, Part.LEAD} & {*parts}) and initiative.state not in FINAL
    found: list[Button] = [_read_on(charter, initiative, next_page)] if next_page else []
    if _is_asked(charter, parts):
        found += [] if _open(shown.queries) or next_page else [approve(charter, initiative)]
        found.append(_press(charter, initiative, "Query", "initiative.query"))
    if charter.state is CharterState.IN_REVIEW and Part.OWNER in parts and _open(shown.queries):
        found.append(_press(charter, initiative, "Answer", "initiative.answer_query"))
    if charter.state is CharterState.DRAFT and edits:
        found.append(press(initiative, "Send to the sponsor", "initiative.review"))
    if edits:
        found.append(press(initiative, "Change it", "initiative.charter", opens_form=True))
    return (Buttons(tuple(found)),) if found else ()


def _open(queries: Sequence[CharterQuery]) -> Sequence[CharterQuery]:
    return [each for each in queries if each.is_open]


def approve(charter: Charter, initiative: Initiative) -> Button:
    """Says yes to the charter as it was read: it carries which edition and version that was."""
    ids = {"charter": str(charter.id), "version": str(charter.version)}
    return Button("Approve", "initiative.approve", ids, primary=True, spoken=f"Approve: {initiative.code}")


def _read_on(charter: Charter, initiative: Initiative, page: int) -> Button:
    ids = {"charter": str(charter.id), "version": str(charter.version), "page": str(page)}
    spoken = f"Read page {page} of the charter of {initiative.code}"
    return Button("Read on", "initiative.charter_page", ids, primary=True, spoken=spoken)


def _press(charter: Charter, initiative: Initiative, text: str, verb: str) -> Button:
    return Button(text, verb, {"charter": str(charter.id)}, opens_form=True, spoken=f"{text}: {initiative.code}")


def query(initiative: Initiative, charter: Charter) -> Form:
    """The sponsor's question."""
    return Form(
        title="Query",
        verb="initiative.save_query",
        ids={"charter": str(charter.id)},
        note=f"{initiative.code} {initiative.title}",
        inputs=(TextInput(TEXT, "What is to be cleared up?", multiline=True, longest=REASON_MAX),),
        closing_note="Its owner answers; until then it is not approved.",
        submit="Ask",
    )


def answer(initiative: Initiative, asked: CharterQuery) -> Form:
    """The owner's answer."""
    return Form(
        title="Answer",
        verb="initiative.save_answer",
        ids={"query": str(asked.id)},
        note=f"{initiative.code}: {asked.text}"[:1500],
        inputs=(TextInput(TEXT, "What do you answer?", multiline=True, longest=REASON_MAX),),
    )


# --- what is said


def saved(shown: Shown, *, is_new: bool) -> str:
    """The form was kept."""
    initiative, charter = shown.initiative, shown.charter
    if is_new:
        return f"Charter of {initiative.code}: edition {charter.edition}, to be approved again"
    return f"The charter of {initiative.code} is kept"


def asked(initiative: Initiative, sponsor: Person) -> str:
    """It went to the sponsor."""
    return f"{sponsor.name} is asked to approve the charter of {initiative.code}."


def queried(owner: Person | None) -> str:
    """A query is on its way."""
    return f"{first_name(owner) if owner else 'Its owner'} gets your query. It is not approved until that is answered."


def answered(name: str) -> str:
    """An answer is on its way."""
    return f"{name} gets your answer."


def approved(initiative: Initiative, dated: int) -> str:
    """The sponsor said yes."""
    points = f" The dates of {count(dated, 'milestone')} are its baseline now." if dated else ""
    return f"The charter of {initiative.code} is approved.{points}"


def heading(verb: str, name: str) -> str:
    """What a message about a charter begins with."""
    return {
        "query": f"{name} has a query",
        "answer": f"{name} answered your query",
        "approve": f"{name} approved the charter",
    }[verb]


# --- refusals


def no_charter(code: str) -> str:
    """There is none."""
    return f"{code} has no charter yet. Nothing was changed."


def wrote_it(code: str) -> str:
    """E-03 for a sponsor who wrote the edition or sent it."""
    return (
        f"You wrote this edition of the charter of {code} or sent it for review, so somebody else approves it. "
        "A lead or an administrator can name another sponsor. Nothing was changed."
    )


def answered_already(code: str) -> str:
    """E-05 for a query that has its answer."""
    return f"That query about the charter of {code} is answered already. Nothing was changed."


def open_queries(code: str, number: int) -> str:
    """Not before they are answered."""
    return (
        f"{count(number, 'query', 'queries')} about the charter of {code} must be answered first. Nothing was changed."
    )


def sponsor_alone(code: str, name: str) -> str:
    """E-03."""
    return f"Only {name or 'its sponsor'} can approve the charter of {code}. Nothing was changed."


def changed_since(code: str) -> str:
    """E-20 for an approval of what was not read."""
    return f"The charter of {code} was changed since you read it. Please read it again. Nothing was changed."


NEEDS_UNRANKED = "Please say why it is not ranked first."
NOT_PHASES = f"Please write each line as 'Pilot: what ends it', each name once and up to {NAME_MAX} characters."
TOO_MANY_PHASES = f"At most {PHASES_MOST} phases fit."
PLEASE_WRITE = "Please write a few words."
CHANGED_MEANWHILE = "Somebody else has changed this charter meanwhile. Send it again if yours still holds."


def not_money(currency: str) -> str:
    """No amount, or one in another currency."""
    return f"Please write an amount in {currency}, such as 15,000 or 15k."


NOT_DAYS = "Please write a whole number of days, such as 12."


def has_milestones(names: Sequence[str]) -> str:
    """Phases that can't go."""
    return f"{listing(names)} can't go: milestones belong to it. Please keep the name here."


def too_long(longest: int, length: int) -> str:
    """An input with too many words."""
    return f"That has {length} characters, and {longest} fit."
