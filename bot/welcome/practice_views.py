"""The words of a practice huddle: its form, and what it would have become."""

from collections.abc import Sequence
from dataclasses import replace

from bot.blockers.rules import says_nothing
from bot.chat.cards import Buttons, Card, Divider, Element, Group, Line, Note, Paragraph, Title
from bot.chat.forms import Form, Values
from bot.chat.spans import Bold
from bot.huddles import form_views
from bot.huddles.views import label_of
from bot.welcome.views import practice_button
from storage.huddles import Huddle, HuddleRun, Question
from storage.people import Department

VERB = "huddle.practise"
IN_SUMMARY = {"blocker": "In the way", "focus": "Today's focus", "customer": "From customers"}


def form(huddle: Huddle, run: HuddleRun, departments: Sequence[Department], *, real: str) -> Form:
    """The form of the real huddle, in which nothing is kept. `real` says whose questions these are."""
    like = form_views.form(huddle, run, departments, {}, figure=None, filled=False, until="for you alone")
    return replace(
        like,
        title="Practice huddle",
        verb=VERB,
        ids={},
        note=f"The questions of {real}. Only you see what you write, and nothing of it is kept or counted.",
        closing_note="Nothing of it is kept.",
        submit="Send to myself",
    )


def tried(questions: Sequence[Question], values: Values, *, name: str, where: str) -> Card:
    """What I would have answered, and what the team would have read."""
    given = [(each, values.get(each["id"], "").strip()) for each in questions]
    noted = tuple(
        Line((Bold(label_of(each["kind"], each["text"])), f"  {text}"))
        for each, text in given
        if text and not (each["kind"] in {"blocker", "customer"} and says_nothing(text))
    )
    title = "That is all there is to it"
    return Card(
        f"{title}, {name}. Nothing of it was kept.",
        (
            Title(title),
            Note("Practice: nothing of this was kept, and nobody else saw it."),
            Group("I would note for you", noted),
            Divider(),
            *_summary(given, name=name, where=where),
            Paragraph(("For real it takes one press, Answer, or one line that you write to me.",)),
            Buttons((replace(practice_button(), text="Once more"),)),
        ),
    )


def _summary(given: Sequence[tuple[Question, str]], *, name: str, where: str) -> list[Element]:
    """What the room would read, thing by thing, as the summary has it."""
    found: list[Element] = []
    for question, text in given:
        kind = question["kind"]
        if not text or kind not in IN_SUMMARY or (kind in {"blocker", "customer"} and says_nothing(text)):
            continue
        detail = ("it would get a number, and somebody who helps",) if kind == "blocker" else ()
        found.append(Group(IN_SUMMARY[kind], (Line((Bold(name), f"  {text}"), detail),)))
    return [Note(f"{where} would read:"), *found] if found else [Note(f"{where} would read that you answered.")]
