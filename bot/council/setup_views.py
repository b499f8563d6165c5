"""The words of a council's set-up: the form, what is wrong in it, and the card with its next dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, Note, Paragraph, Title, says
from bot.chat.errors import Declined
from bot.chat.forms import Form, OneOf, Option, PersonInput, TextInput, TimeInput, Values
from bot.chat.spans import Bold, Text
from bot.chat.words import clock, count, day, listing, place_of, short_day, typed
from bot.council import dates, views
from bot.council.rules import LENGTHS, NAME_MAX, WHERE_MAX
from bot.guide.views import SAY
from storage.councils import LENGTH_MIN, Council
from storage.meetings import CouncilMeeting

NAME, RULE, AT, LENGTH, WHERE, LINK = "name", "rule", "at", "length", "where", "link"
CHAIR, SECRETARY, SPONSOR, QUORUM, CUSTOMER, ZONE = "chair", "secretary", "sponsor", "quorum", "customer", "tz"
NEEDS_NAME = f"Please give it a name of at most {NAME_MAX} characters."
NAME_TAKEN = "There is another council of that name."
NEEDS_RULE = "Which days? For example: first Thursday, second and fourth Tuesday, every two weeks on Wednesday."
NEEDS_TIME = "Please give a time of day, for example 10:00."
NEEDS_LENGTH = f"Please give {LENGTHS[0]} to {LENGTHS[-1]} minutes, for example {LENGTH_MIN}."
NEEDS_ZONE = "Please give a time zone, for example Europe/London."
NEEDS_QUORUM = "Please write `majority`, or the least number of voting seats, for example 5."
NEEDS_CUSTOMER = "Please write advisory, voting or co-chair."
NEEDS_LINK = "A link begins with https:// and has no spaces."
TOO_LONG = f"At most {WHERE_MAX} characters, please."
WHO_IS_THAT = "I don't know that person here. Please choose somebody else."
NOT_BOTH = "The chair and the secretary are two people."
_RULE_HINT = "For example: first Thursday · first and third Tuesday · every two weeks on Wednesday"


@dataclass(frozen=True, slots=True)
class Dated:
    """A meeting to come with when its steps fall due, by kind; `was_at` where it has just been moved from there."""

    meeting: CouncilMeeting
    steps: dict[str, datetime]
    was_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a council's card says of it."""

    council: Council
    chair: str
    secretary: str
    sponsor: str
    coming: Sequence[Dated]
    rooms: Sequence[str] = ()
    vacant: Sequence[str] = ()
    unseated: Sequence[str] = ()
    can_seat: int = 0
    """How many of the departments without a seat have a head who could take it."""
    seats: int = 0
    voting: int = 0
    """How many voting seats are filled."""
    fixed: int | None = None
    """The quorum of the meeting that is on, which it keeps."""


def form(values: Values, council: Council | None) -> Form:
    """What a council is, filled with what is known."""
    ids = {} if council is None else {"council": str(council.id)}
    return Form(
        title="Council",
        verb="council.save",
        ids=ids,
        note="I plan the next three meetings and ask for items and reports before each.",
        inputs=(
            TextInput(NAME, "What is it called?", longest=NAME_MAX, placeholder="CX Council"),
            TextInput(RULE, "On which days does it meet?", hint=_RULE_HINT, longest=WHERE_MAX),
            TimeInput(AT, "At what time?"),
            TextInput(LENGTH, "For how many minutes?", longest=10),
            TextInput(ZONE, "Time zone", longest=60, hint="For example Europe/London"),
            TextInput(WHERE, "In which room?", optional=True, longest=WHERE_MAX),
            TextInput(LINK, "Link to the video meeting", optional=True, longest=500),
            PersonInput(CHAIR, "Who chairs it?", optional=True),
            PersonInput(SECRETARY, "Who keeps its record?", optional=True),
            PersonInput(SPONSOR, "Who sponsors it?", optional=True),
            TextInput(QUORUM, "How many seats make a quorum?", hint="majority, or a number", longest=10),
            OneOf(
                CUSTOMER,
                "What may the customer's seat do?",
                (
                    Option(Council.Customer.ADVISORY.value, "Speak, and have the first word at item 2"),
                    Option(Council.Customer.VOTING.value, "Speak first at item 2, and vote"),
                    Option(Council.Customer.CO_CHAIR.value, "Chair together with the chair, and vote"),
                ),
            ),
        ),
        submit="Save",
    ).filled(values)


def from_outside(name: str) -> str:
    """Of a chair or a secretary who may not read all of it."""
    return f"{name} comes from outside and may not read everything. Please choose somebody of the organisation."


# --- what was stored


def saved(found: SetUp, *, is_new: bool) -> Card:
    """A council as it stands now, with its next dates and what is still missing."""
    council = found.council
    words = f"{council.name}: {when(council)}."
    said = (moved_words(found), *quorum_notes(found), *missing(found))
    notes: list[Element] = [Paragraph((each,)) for each in said if each]
    head = "Stored. I ask for items and reports seven days before each meeting." if is_new else "Stored."
    return Card(
        words,
        (
            Title(council.name[:45]),
            Note(f"{when(council)} · {council.length_min} minutes"),
            Paragraph((head,)),
            Facts(tuple(facts(found))),
            _dates(found.coming, ZoneInfo(council.zone)),
            *notes,
            Buttons(tuple(_ways(found))),
        ),
    )


def when(council: Council) -> str:
    """`first Thursday at 10:00, London`."""
    return f"{views.rhythm(council.rule)} at {clock(council.at_time)}, {place_of(ZoneInfo(council.zone))}"


def facts(found: SetUp) -> list[tuple[str, Text]]:
    """Who runs it, where, and its rules."""
    council = found.council
    where = [each for each in (council.where, "by video" if council.link else "") if each]
    quorum = "more than half of the filled voting seats"
    if council.quorum is Council.Quorum.NUMBER:
        quorum = f"{council.quorum_number} voting seats"
    told: list[tuple[str, Text]] = [
        ("Chair", (found.chair or "nobody yet",)),
        ("Secretary", (found.secretary or "nobody yet",)),
        ("Sponsor", (found.sponsor or "nobody yet",)),
        ("Quorum", (quorum,)),
        ("Customer's seat", (views.CUSTOMER[council.customer],)),
    ]
    if where:
        told.append(("Where", (listing(where),)))
    if found.rooms:
        told.append(("Lives in", (listing(found.rooms),)))
    return told


def missing(found: SetUp) -> list[str]:
    """What somebody should still do, one sentence each."""
    sentences = []
    if not found.chair or not found.secretary:
        who = [word for word, name in (("chair:@name", found.chair), ("secretary:@name", found.secretary)) if not name]
        sentences.append(f"Name them with `{typed('council setup ' + ' '.join(who))}`.")
    if not found.rooms:
        sentences.append(f"It has no room yet: type `{typed('council room')}` in its channel or chat.")
    if found.vacant:
        how = typed("council add @name dept:Billing")
        sentences.append(f"Vacant: {listing(found.vacant)}. Fill a seat with `{how}`.")
    if found.unseated:
        sentences.append(f"On the journey without a seat: {listing(found.unseated)}.")
    return sentences


def quorum_notes(found: SetUp) -> list[str]:
    """What a number as a quorum means today, one sentence each."""
    council, said = found.council, []
    number = council.quorum_number if council.quorum is Council.Quorum.NUMBER else None
    if number is not None and number > found.voting:
        have = f"{count(found.voting, 'voting seat')} {'is' if found.voting == 1 else 'are'} filled"
        now = have if found.voting else "No voting seat is filled yet"
        said.append(f"{now}: as long as there are fewer than {number}, all of them are needed.")
    if found.fixed is not None:
        said.append(f"The meeting that is on keeps the quorum with which it began: {found.fixed}.")
    return said


def moved_words(found: SetUp) -> str:
    """What another rhythm moved; empty where nothing did."""
    zone = ZoneInfo(found.council.zone)
    moved = [
        f"{short_day(each.was_at.astimezone(zone).date())} to {views.short_moment(each.meeting.starts_at, zone)}"
        for each in found.coming
        if each.was_at is not None
    ]
    return f"Moved: {listing(moved)}. What was proposed for them goes along." if moved else ""


def _ways(found: SetUp) -> list[Button]:
    ids = {"council": str(found.council.id)}
    change = Button("Change it", "council.setup", ids, opens_form=True, spoken="Change how the council is set up")
    members = Button("Members", "council.members", ids, spoken="Show the seats of the council")
    if not found.can_seat:
        return [change, members]
    return [Button("Seat the heads", "council.seat_heads", ids, spoken="Give their heads a seat"), change, members]


def _dates(coming: Sequence[Dated], zone: ZoneInfo) -> Group:
    if not coming:
        return Group("Next meetings", (Line(("None: its days do not come again",)),))
    return Group("Next meetings", tuple(date_line(each, zone) for each in coming))


def date_line(each: Dated, zone: ZoneInfo) -> Line:
    """A meeting, and under it the days of its steps."""
    local = each.meeting.starts_at.astimezone(zone)
    special = "  special" if each.meeting.kind is CouncilMeeting.Kind.SPECIAL else ""
    return Line((Bold(f"{day(local.date())}, {clock(local)}"), special), (steps_words(each.steps, zone),))


def steps_words(steps: dict[str, datetime], zone: ZoneInfo) -> str:
    """`call Thu 26 Nov · items until Mon 30 Nov, 12:00 · agenda 16:00 · late items Wed 2 Dec`."""
    said = []
    if dates.CALL in steps:
        said.append(f"call {short_day(steps[dates.CALL].astimezone(zone).date())}")
    if dates.CLOSE_ITEMS in steps:
        said.append(f"items until {views.short_moment(steps[dates.CLOSE_ITEMS], zone)}")
    if dates.PUBLISH in steps:
        said.append(f"agenda {views.short_moment(steps[dates.PUBLISH], zone)}")
    if dates.EVE in steps:
        said.append(f"late items {short_day(steps[dates.EVE].astimezone(zone).date())}")
    return " · ".join(said) or "its agenda was never planned"


# --- what can't be done


def which_rhythm(line: str, text: str) -> Declined:
    """`bi-monthly` is read in two ways; each of them is a press that sends the line with it."""
    ways = tuple(
        Button(label, SAY, {"text": _with_rule(line, text, rule)}) for label, rule in readings(text) if line and text
    )
    return Declined(f"'{text}' can be read in two ways. {which(text)} Nothing is changed yet.", ways=ways)


def which(text: str) -> str:
    """The readings of an ambiguous rhythm, as a question."""
    first, *more = [label for label, _ in readings(text)]
    *others, last = [f"{each[:1].lower()}{each[1:]}" for each in more] or ["another rhythm"]
    return f"{', '.join([first, *others])}, or {last}?"


def readings(text: str) -> tuple[tuple[str, str], ...]:
    """What an ambiguous rhythm may mean: a label, and a rhythm that is clear."""
    typed_so = " ".join(text.casefold().split())
    weekday = typed_so.split()[-1] if typed_so.startswith("every ") else ""
    if weekday:
        nth = typed_so.split()[1]
        return (
            (f"The {nth} one of a month", f"{nth} {weekday}"),
            *((("Every two weeks", f"every two weeks on {weekday}"),) if nth in {"second", "2nd"} else ()),
        )
    if "week" in typed_so:
        on = typed_so.split()[-1] if " on " in f" {typed_so} " else "thursday"
        return (("Every week", f"every {on}"), ("Every two weeks", f"every two weeks on {on}"))
    return (
        ("Once a month", "first thursday"),
        ("Twice a month", "first and third thursday"),
        ("Every two months", "first thursday every two months"),
    )


def _with_rule(line: str, text: str, rule: str) -> str:
    quoted = f'"{text}"'
    return line.replace(quoted if quoted in line else text, f'"{rule}"', 1)


def only_founders() -> str:
    """E-03."""
    return "Only an administrator or a sponsor can found a council. Nothing was changed."


def ended(name: str) -> str:
    """E-05."""
    return f"{name} has ended. Choose another name for a new council. Nothing was changed."


# --- rooms


def not_here() -> str:
    """A room is named by typing in it."""
    return f"Type `{typed('council room')}` in the channel or chat in which the council lives. Nothing was changed."


def room_added(name: str, room: str, *, is_public: bool) -> Card:
    """The council lives in one more place."""
    if is_public:
        return says(f"What everybody may read of {name} comes to {room}: what was decided, without internal items.")
    return says(f"{name} lives in {room} from now on: its agenda, its meetings and its minutes come here.")


def lives_here(name: str, room: str) -> str:
    """E-05: its own room is not the one in which everybody reads."""
    return (
        f"{name} lives in {room}, where all of its agenda and minutes come. Type `{typed('council room public')}` in "
        f"another channel; or, where the council is to leave this one, `{typed('council room off')}` here first. "
        "Nothing was changed."
    )


def room_removed(name: str, room: str) -> Card:
    """The council does not live here any more."""
    return says(f"{name} does not come to {room} any more. What stands here stays.")


def no_room(name: str, room: str) -> str:
    """E-05."""
    return f"{name} does not live in {room}. Nothing was changed."


# --- pause, resume, end


PAUSED = "The council is paused."
"""Why a meeting is off that nobody called off."""


def turned_off(council: Council) -> Card:
    """It does not meet until somebody says so."""
    return says(
        f"{council.name} is paused. No meeting is planned until `{typed('council pause off')}`; one that was called "
        f"already is held, unless you call it off with `{typed('council skip')}`."
    )


def not_held(name: str) -> str:
    """E-05."""
    return f"{name} is paused already. Nothing was changed."


def is_held(name: str) -> str:
    """E-05."""
    return f"{name} is not paused. Nothing was changed."
