"""The forms of minutes: a note for each section, a correction, and what becomes of it."""

from datetime import date

from bot.agenda.titles import SECTION_TITLES
from bot.chat.forms import OPTION_MAX, OPTIONS_MAX, Form, OneOf, Option, TextInput
from bot.chat.words import day
from bot.minutes.body import Body, names_internal, place_named
from bot.minutes.rules import CORRECTION_MAX, NOTE_MAX, REASON_MAX
from storage.agenda import SECTIONS
from storage.minutes import Correction, Minutes

SECTION, TEXT, PLACE, REASON, READS, WHOLE = "section", "text", "place", "reason", "reads", "all"


def edit(meeting: int, minutes: Minutes, met_on: date) -> Form:
    """A note for each of the nine sections; decisions and actions stand in the record and are not typed here."""
    inputs = tuple(
        TextInput(
            f"{SECTION}{number}",
            f"{number} {SECTION_TITLES[number]}"[:75],
            value=minutes.notes.get(str(number), ""),
            multiline=True,
            optional=True,
            longest=NOTE_MAX,
        )
        for number in SECTIONS
    )
    return Form(
        title="Draft minutes",
        verb="minutes.edit",
        ids={"meeting": str(meeting), "minutes": str(minutes.id), "seen": str(minutes.version)},
        note=(
            f"{day(met_on)}. What was done, not what was said. Suppliers and customers with a seat read these notes; "
            "what is internal belongs to its item."
        ),
        inputs=inputs,
        submit="Keep",
    )


def correct(minutes: Minutes, met_on: date, text: str = "") -> Form:
    """Something that is wrong in issued minutes."""
    return Form(
        title="Correct something",
        verb="minutes.correct",
        ids={"minutes": str(minutes.id)},
        note=f"Minutes of {day(met_on)}. The chair or the secretary decides; you hear what becomes of it.",
        inputs=(
            TextInput(
                TEXT,
                "What is wrong, and how should it read?",
                value=text,
                placeholder="3.2: the figure was 18%, not 20%",
                multiline=True,
                longest=CORRECTION_MAX,
            ),
        ),
    )


def accept(correction: Correction, body: Body) -> Form:
    """Where a correction stands in the next edition, at first where its text says, and how it reads there."""
    options = [Option(WHOLE, "The minutes as a whole")]
    options += [Option(str(number), f"{number} {SECTION_TITLES[number]}"[:OPTION_MAX]) for number in SECTIONS]
    options += [Option(each.number, f"{each.number} {each.title}"[:OPTION_MAX]) for each in body.points]
    named = place_named(body, correction.text)
    value = named if named in {each.value for each in options[:OPTIONS_MAX]} else WHOLE
    return Form(
        title="Accept a correction",
        verb="minutes.accept",
        ids={"correction": str(correction.id)},
        note=f"A new edition takes the place of the one before; both stay readable. {_who_reads(correction, body)}",
        inputs=(
            OneOf(PLACE, "What it is about", tuple(options[:OPTIONS_MAX]), value=value),
            TextInput(READS, "How it reads now", value=correction.text, multiline=True, longest=CORRECTION_MAX),
        ),
        submit="Accept",
    )


def _who_reads(correction: Correction, body: Body) -> str:
    if names_internal(body, correction.text):
        return "It is about something internal, so it is not in the copies of suppliers and customers."
    return "Suppliers and customers with a seat read it too, unless it is about an internal item or names one."


def decline(correction: Correction) -> Form:
    """Why a correction is not taken."""
    return Form(
        title="Decline a correction",
        verb="minutes.decline",
        ids={"correction": str(correction.id)},
        note=correction.text[:1900],
        inputs=(TextInput(REASON, "Why not?", longest=REASON_MAX),),
        submit="Decline",
    )
