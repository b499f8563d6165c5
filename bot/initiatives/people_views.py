"""What an initiative means for somebody: the kick-off, their question and its answer, and the news of it."""

from collections.abc import Mapping, Sequence

from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, Note, Paragraph, Title
from bot.chat.forms import Form, TextInput
from bot.chat.spans import Bold
from bot.chat.words import day, typed
from bot.initiatives.views import PART_WORDS, press, standing
from bot.people.rules import first_name
from bot.work.views import REASON_MAX
from storage.audit import AuditEvent
from storage.initiatives import Charter, Initiative, Stakeholder
from storage.people import Person

TEXT = "text"

_MEANS = {
    Stakeholder.Part.ACCOUNTABLE: "You answer for it.",
    Stakeholder.Part.RESPONSIBLE: "You do the work.",
    Stakeholder.Part.CONSULTED: "You are asked before something is decided.",
    Stakeholder.Part.INFORMED: "You hear what is decided.",
}


def kick_off(
    row: Stakeholder, initiative: Initiative, charter: Charter | None, *, owner: Person | None, sponsor: Person | None
) -> Card:
    """The first thing a stakeholder hears."""
    facts = (
        ("Your part", (f"{PART_WORDS[row.part]}. {_MEANS[row.part]}",)),
        ("Owner", (owner.name if owner else "no owner",)),
        ("Sponsor", (sponsor.name if sponsor else "no sponsor",)),
        ("Stands", (standing(initiative),)),
    )
    wants = charter.objectives if charter and charter.objectives else "Its objectives are still to be written."
    read = Button("I've read it", "initiative.read", {"stakeholder": str(row.id)}, primary=True,
                  spoken=f"I've read it: {initiative.code}")  # fmt: skip
    buttons = (() if row.read_at else (read,)) + (_question(initiative),)
    below: Element = Note(f"{initiative.code} · you read it on {day(row.read_at.date())}" if row.read_at
                          else f"{initiative.code} · the owner sees who has read it")  # fmt: skip
    return Card(
        f"You have a part in {initiative.code} {initiative.title}.",
        (Title(initiative.title), Facts(facts), Paragraph((wants,)), Buttons(buttons), below),
    )


def _question(initiative: Initiative) -> Button:
    return press(initiative, "I have a question", "initiative.ask", opens_form=True)


def ask(initiative: Initiative) -> Form:
    """A stakeholder's question."""
    return Form(
        title="Your question",
        verb="initiative.question",
        ids={"initiative": str(initiative.id)},
        note=f"{initiative.code} {initiative.title}",
        inputs=(TextInput(TEXT, "What would you like to know?", multiline=True, longest=REASON_MAX),),
        closing_note="Its owner reads this, and answers you here.",
    )


def question(
    initiative: Initiative, entry: AuditEvent, name: str, *, reply: AuditEvent | None = None, may_answer: bool = True
) -> Card:
    """To the owner; `reply` is the answer that was given."""
    answer = Button("Answer", "initiative.answering", {"initiative": str(initiative.id), "entry": str(entry.id)},
                    primary=True, opens_form=True, spoken=f"Answer: {initiative.code}")  # fmt: skip
    return Card(
        f"{name} has a question about {initiative.code}: {entry.reason}",
        (
            Title(f"{name} has a question"),
            Paragraph((entry.reason,)),
            *([Paragraph((Bold("Answered"), f"  {reply.reason}"))] if reply else []),
            *([Buttons((answer,))] if may_answer and not reply else []),
            Note(f"{initiative.code} {initiative.title}"),
        ),
    )


def answer(initiative: Initiative, entry: AuditEvent) -> Form:
    """The owner's answer; `entry` is the question."""
    return Form(
        title="Your answer",
        verb="initiative.answered",
        ids={"initiative": str(initiative.id), "entry": str(entry.id)},
        note=entry.reason,
        inputs=(TextInput(TEXT, "What do you answer?", multiline=True, longest=REASON_MAX),),
    )


def answered(initiative: Initiative, entry: AuditEvent, name: str) -> Card:
    """To the one who asked."""
    return Card(
        f"{name} answers about {initiative.code}: {entry.reason}",
        (Title(f"{name} answers you"), Paragraph((entry.reason,)), Note(f"{initiative.code} {initiative.title}")),
    )


def named(initiative: Initiative, person: Person, part: Stakeholder.Part, before: Person | None) -> Sequence[str]:
    """Somebody has a part now; `before` was accountable until then."""
    said = [f"{person.name} is {PART_WORDS[part].lower()} for {initiative.code} now."]
    said += [f"{before.name} was accountable, and is responsible now."] if before else []
    return said


def has_read(initiative: Initiative) -> str:
    """Thanks for reading."""
    return f"Thank you. It is noted that you have read {initiative.code}."


def sent_to(initiative: Initiative, owner: Person | None) -> str:
    """A question is on its way."""
    whom = first_name(owner) if owner else "An administrator"
    return f"{whom} gets your question about {initiative.code}, and the answer comes to you here."


def answer_sent(name: str) -> str:
    """An answer is on its way."""
    return f"{name} gets your answer."


def answered_already(reply: str) -> str:
    """E-05 for a question that has its answer."""
    return f"That question is answered already: “{reply}” Nothing was changed."


def please_write() -> str:
    """An empty input."""
    return "Please write a few words."


def not_their_part() -> str:
    """Somebody else's button."""
    return "Only the one who was sent this can say that they have read it. Nothing was changed."


def whom(code: str) -> str:
    """A part without a person or the other way round."""
    example = typed(f"initiative people {code} @Ann part:R")
    return f"Who has which part? For example: {example}. The parts are R, A, C and I. Nothing was changed."


def somebody_must_answer(code: str) -> str:
    """Nobody would be accountable."""
    example = typed(f"initiative people {code} @Ann part:A")
    return (
        f"Exactly one person answers for {code}. First name who that is, for example: {example}. Nothing was changed."
    )


_NEWS = {
    "start": "is in flight",
    "pause": "is paused",
    "deliver": "is delivered",
    "close": "is closed",
    "stop": "is stopped",
    "drop": "is dropped",
    "set": "was changed",
    "score": "was scored",
    "charter": "has a changed charter",
    "approve": "is approved",
}


_LABELS = {
    "owner_id": "Owner",
    "sponsor_id": "Sponsor",
    "title": "Title",
    "prio": "Priority",
    "starts": "Starts",
    "ends": "Ends",
    "domain": "Domain",
    "stage": "Stage",
    "kind": "Kind",
}


def news(
    initiative: Initiative,
    entry: AuditEvent,
    name: str,
    *,
    deeds: Sequence[AuditEvent] = (),
    people: Mapping[int, Person],
    reader: Person | None,
) -> Card:
    """To its owner and sponsor, and to the ones before: what somebody did; `deeds` are the fields that it changed."""
    heading = _own_news(initiative, deeds, reader) or f"{initiative.code} {_NEWS.get(entry.verb, 'was changed')}"
    why = [Paragraph((f"“{entry.reason}”",))] if entry.reason else []
    lines = tuple(Line((Bold(_LABELS[each.field]), f"  {_change(each, people)}")) for each in deeds
                  if each.field in _LABELS)  # fmt: skip
    return Card(
        f"{heading}: {initiative.title}",
        (
            Title(heading),
            Paragraph((initiative.title,)),
            *([Group("What changed", lines)] if lines else []),
            *why,
            Note(f"{name} did this on {day(entry.at.date())} · it is {standing(initiative)}"),
        ),
    )


def _own_news(initiative: Initiative, deeds: Sequence[AuditEvent], reader: Person | None) -> str:
    """What it means for the one who reads it, where it is about them."""
    number = str(reader.id) if reader else "nobody"
    for each in deeds:
        does = {"owner_id": "own", "sponsor_id": "sponsor"}.get(each.field)
        if does and each.after == number:
            return f"You {does} {initiative.code} now"
        if does and each.before == number:
            return f"You do not {does} {initiative.code} any more"
    return ""


def _change(deed: AuditEvent, people: Mapping[int, Person]) -> str:
    after, before = (_value(deed, said, people) for said in (deed.after, deed.before))
    return f"{after or 'none'}, before: {before or 'none'}"


def _value(deed: AuditEvent, said: str, people: Mapping[int, Person]) -> str:
    if deed.field not in {"owner_id", "sponsor_id"} or not said:
        return said
    person = people.get(int(said))
    return person.name if person else "somebody"
