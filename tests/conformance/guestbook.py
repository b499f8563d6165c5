"""What the bot does while a platform is looked at: people leave notes, and everything a card or form can be happens."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import select

from bot.chat.cards import Button, Buttons, Card, Facts, Group, Line, Note, Paragraph, Row, Title, Words, says
from bot.chat.commands import Rest, Usage
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Said, Submitted
from bot.chat.forms import Form, OneOf, Option, TextInput
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.chat.routing import Command, Reader, Routes, Step
from bot.operation.projections import trouble
from bot.teams import rooms
from storage.cadences import ROOM
from storage.customers import VocItem
from storage.troubles import REPORT_VIEW
from storage.tx import Tx
from tests.support.notebook import a_note

NOT_YET = "Somebody else has to write first."
TOO_SHORT = "Please write at least three letters."


async def leave(event: Said, tx: Tx, now: datetime) -> Replies:
    """A line in direct messages becomes a note."""
    return await _left(event.by, tx, event.text, now)


async def leave_by_command(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/note words`: the note stands where it was asked for, who wrote it is told so alone."""
    return await _left(event.by, tx, event.command.words, now)


async def _left(by: By, tx: Tx, words: str, now: datetime) -> Replies:
    note = await a_note(tx, words, by=by.person, now=now)
    show = Show(f"note:{note.id}", by.place, "note", {"note": note.id})
    return Replies(answer=Answer(says(f"{note.code} noted")), show=(show,))


async def whisper(event: Asked, _tx: Tx, _now: datetime) -> Replies:
    """`/whisper words`: for nobody else."""
    return Replies(answer=Answer(says(f"Between us: {event.command.words}")))


async def offer(_event: Asked, _tx: Tx, _now: datetime) -> Replies:
    """`/offer`: for nobody else, with a button that settles it."""
    take = Buttons((Button("Take it", "offer.take"),))
    return Replies(answer=Answer(Card("An offer", (Paragraph(("An offer",)), take))))


async def take_offer(_event: Pressed, _tx: Tx, _now: datetime) -> Replies:
    """**Take it**."""
    return Replies(answer=Answer(says("Taken.")))


async def ask(event: Asked, _tx: Tx, _now: datetime) -> Replies:
    """`/ask`: a form."""
    return Replies(answer=Answer(_form(f"asked by {event.by.person.name}")))


async def ask_again(event: Pressed, _tx: Tx, _now: datetime) -> Replies:
    """**Change**: the form, which knows the note."""
    return Replies(answer=Answer(_form("changed", note=event.number("note"))))


async def who(event: Pressed, _tx: Tx, _now: datetime) -> Replies:
    """**Who**: what the bot knows of the press."""
    by = event.by
    facts = f"{event.verb} of note {event.number('note')} by {by.person.name} in {by.place.external_id}"
    return Replies(answer=Answer(says(facts + (", alone" if by.is_direct else ", among others"))))


async def shout(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Shout**: the note in capitals."""
    note = await tx.need(VocItem, event.number("note"))
    note.words = note.words.upper()
    return Replies(refresh=(Refresh("note", {"note": note.id}),))


async def add(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**More**: an exclamation mark, every time."""
    note = await tx.need(VocItem, event.number("note"))
    note.words += "!"
    return Replies(refresh=(Refresh("note", {"note": note.id}),))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form: too short is refused, `more` brings a second one, one can't be taken yet, all else is kept."""
    words = event.values.get("words", "")
    if len(words) < 3:
        form = _form("looked at", note=event.number("note"))
        return Replies(answer=Answer(form.refused(event.values, {"words": TOO_SHORT})))
    if words == "after somebody else" and not await tx.first(select(VocItem)):
        raise Declined(NOT_YET)
    if words == "more":
        return Replies(answer=Answer(_second()))
    if event.number("note"):
        note = await tx.need(VocItem, event.number("note"))
        note.words = f"{words} ({event.values.get('mood', '')})"
        return Replies(refresh=(Refresh("note", {"note": note.id}),))
    return await _left(event.by, tx, f"{words} ({event.values.get('mood', '')}) by {event.by.person.name}", now)


def _form(why: str, note: int = 0) -> Form:
    moods = (Option("good", "Good"), Option("bad", "Bad"))
    inputs = (
        TextInput("words", "Your words", multiline=True),
        OneOf("mood", "Mood", moods, value="good", optional=True),
    )
    return Form("A note", "note.form", inputs, ids={"note": str(note)}, note=f"This form was {why}.")


def _second() -> Form:
    return Form("And more", "note.form", (TextInput("words", "More words"),), ids={"note": "0"})


async def shown(tx: Tx, ids: Mapping[str, int], _reader: Reader, _now: datetime) -> Card | None:
    """A note in every element that can hold what somebody wrote."""
    note = await tx.get(VocItem, ids["note"])
    if note is None:
        return None
    words = note.words
    buttons = (("Who", "note.who"), ("Shout", "note.shout"), ("More", "note.more"), ("Change", "note.ask"))
    ids_there = {"note": str(note.id)}
    return Card(
        words,
        (
            Title(words[:150]),
            Note(words[:2000]),
            Paragraph((words,)),
            Group("Notes", (Line((words,), (words,)),)),
            Words(words, "a customer"),
            Facts((("Words", (words,)),)),
            Row(words),
            Buttons(tuple(Button(label, verb, ids_there, opens_form=verb == "note.ask") for label, verb in buttons)),
        ),
    )


TIMES_SHOWN = 8
"""How often the words of a note stand on its card."""


GUESTBOOK = Routes(
    said=leave,
    commands=(
        Command(Usage("note", rest=Rest.WORDS), "Leave a note", leave_by_command),
        Command(Usage("whisper", rest=Rest.WORDS), "Between us", whisper),
        Command(Usage("offer"), "An offer", offer),
        Command(Usage("ask"), "A form", ask),
    ),
    presses={"note.who": who, "note.shout": shout, "note.more": add, "note.ask": ask_again, "offer.take": take_offer},
    forms={"note.form": take_form},
    steps={ROOM: Step(rooms.tell, "")},
    views={"note": shown, REPORT_VIEW: trouble, rooms.VIEW: rooms.room},
)
