"""A feature small enough to see through: people note what a customer said. Where no real feature should matter."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.chat.cards import Card, says
from bot.chat.commands import Rest, Usage
from bot.chat.errors import Declined
from bot.chat.events import Asked, Due, Pressed, Said
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.chat.routing import Command, Reader, Routes, Step, Who
from bot.operation import handlers as operation
from bot.operation.projections import trouble
from bot.routes import undo
from bot.teams import rooms
from storage.cadences import REPORT, ROOM
from storage.customers import VocItem
from storage.organisations import next_code
from storage.people import Person
from storage.troubles import REPORT_VIEW
from storage.tx import Tx


async def take_note(event: Said, tx: Tx, now: datetime) -> Replies:
    """Keeps a line; `no …` is declined after it was written, `crash …` raises after it was written."""
    note = await a_note(tx, event.text, by=event.by.person, now=now)
    if event.text.startswith("no "):
        raise Declined("No, thank you. Nothing was changed.", code="E-99")
    if event.text.startswith("crash "):
        raise ZeroDivisionError("the secret words of a person")
    show = Show(f"note:{note.id}", event.by.place, "note", {"note": note.id})
    return Replies(answer=Answer(says(f"{note.code} noted")), show=(show,), undoable=True)


async def a_note(tx: Tx, words: str, *, by: Person, now: datetime) -> VocItem:
    """A note that is written."""
    note = VocItem(
        code=await next_code(tx, "V"), words=words, heard_by=by.id, received_on=now.date(), source="notebook"
    )
    tx.add(note)
    await tx.flush()
    return note


async def shout(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """Puts a note into capitals; it can be undone."""
    note = await tx.need(VocItem, event.number("note"))
    note.words = note.words.upper()
    answer = Answer(says(f"{note.code} is loud now"))
    return Replies(answer=answer, refresh=(Refresh("note", {"note": note.id}),), undoable=True)


async def more(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """Adds an exclamation mark to a note."""
    note = await tx.need(VocItem, event.number("note"))
    note.words += "!"
    return Replies(answer=Answer(says(f"{note.code} says {note.words}")))


async def whisper(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """What only administrators may do: every note in small letters."""
    for note in await notes(tx):
        note.words = note.words.lower()
    return Replies(answer=Answer(says("Quiet now")))


async def make_round(event: Due, tx: Tx, now: datetime) -> Replies:
    """A step of the clock: the first person of the organisation notes for which slot it was."""
    person = await tx.first(select(Person).order_by(col(Person.id)))
    if person is None:
        raise LookupError("nobody is here")
    if event.subject_id == CRASHES:
        raise ZeroDivisionError("this round never works")
    word = "missed" if event.missed else "made"
    await a_note(tx, f"{word} {event.slot or event.due_at:%d %b %H:%M}", by=person, now=now)
    return Replies(outcome=f"round {word}")


CRASHES = 13  # the subject of rounds that raise


async def shown_note(tx: Tx, ids: Mapping[str, int], _reader: Reader, _now: datetime) -> Card | None:
    """A note's words; nothing once it is withdrawn."""
    note = await tx.get(VocItem, ids["note"])
    return None if note is None or note.state is VocItem.State.WITHDRAWN else says(note.words)


async def notes(tx: Tx) -> list[VocItem]:
    """Every note, oldest first."""
    return list(await tx.all(select(VocItem).order_by(col(VocItem.id))))


async def words_in(tx: Tx) -> list[str]:
    """The words of every note, oldest first."""
    return [note.words for note in await notes(tx)]


NOTEBOOK = Routes(
    said=take_note,
    commands=(
        Command(Usage("whisper"), "Everything in small letters", whisper, who=Who.ADMIN),
        Command(Usage("quieter", rest=Rest.WORDS), "The same for a lead", whisper, who=Who.LEAD),
    ),
    presses={"note.shout": shout, "note.more": more, "undo": undo},
    steps={
        "round": Step(make_round, "round", grace=timedelta(minutes=20)),
        REPORT: Step(operation.report, ""),
        ROOM: Step(rooms.tell, ""),
    },
    views={"note": shown_note, REPORT_VIEW: trouble, rooms.VIEW: rooms.room},
)
