"""What somebody reads after they did something with minutes, and what can't be done."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Buttons, Card, LinkButton, Note, Paragraph, Title, says
from bot.chat.papers import Format
from bot.chat.words import cut, day, listing, moment, typed
from bot.minutes.paper_views import UNCHECKED

FORMATS = {Format.WORD: "Word", Format.PDF: "PDF", Format.MARKDOWN: "Markdown"}
WHAT = {"minutes": "minutes", "agenda": "agenda", "pack": "pack", "calendar": "calendar"}


def unknown_verb(verb: str) -> str:
    """What may stand behind it."""
    ways = listing([f"`{each}`" for each in ("show", "edit", "issue", "correct", "export")], "or")
    return f"I don't know '{cut(verb)}' here. Behind `{typed('council minutes')}` stands {ways}. Nothing was changed."


def changed_meanwhile(now: str) -> str:
    """E-20, in a form."""
    return f"Somebody changed it meanwhile. It reads now: {cut(now)}" if now else "Somebody emptied it meanwhile."


def none_yet(council: str) -> str:
    """No meeting was held."""
    return f"{council} has not met yet, so there are no minutes. `{typed('agenda')}` shows what comes."


def not_out(council: str, met_on: date, at: datetime | None, zone: ZoneInfo) -> str:
    """Before they are issued only who prepares them reads them."""
    by = f" They come by {moment(at, zone)}." if at is not None else ""
    return f"The minutes of {council}, {day(met_on)}, are not out yet.{by}"


def no_edition(number: str, editions: Sequence[int]) -> str:
    """E-04."""
    there = listing([str(each) for each in editions])
    return f"There is no edition {number}; there is {there}. Nothing was changed."


def out_already(met_on: date, *, by: str, at: datetime | None, zone: ZoneInfo) -> str:
    """E-05: issued minutes are never edited."""
    when = f" on {moment(at, zone)}" if at is not None else ""
    who = f" by {by}" if by else " by schedule"
    correct = typed('council minutes correct "what is wrong"')
    return (
        f"The minutes of {day(met_on)} were issued{who}{when}, so nothing was changed. "
        f"What is wrong in them is corrected in a new edition: `{correct}`."
    )


def not_over(council: str) -> str:
    """E-05."""
    return f"{council} is still meeting. Its minutes can be prepared once it has ended: `{typed('council end')}`."


def issued(met_on: date, *, owners: int, outcomes: int, rooms: int) -> Card:
    """What happens next, and who hears of it."""
    told = [
        f"{number} {one if number == 1 else many}"
        for number, one, many in (
            (rooms, "room has them", "rooms have them"),
            (owners, "person hears of their actions", "people hear of their actions"),
            (outcomes, "message tells a department what it means", "messages tell departments what it means"),
        )
        if number
    ]
    words = f"The minutes of {day(met_on)} are issued. {listing(told).capitalize()}.".replace(" .", "")
    return says(words)


def noted(place: str, met_on: date) -> Card:
    """A note was taken."""
    return says(f"Noted at {place} of the minutes of {day(met_on)}.")


def edited(met_on: date, places: Sequence[str]) -> Card:
    """The draft was changed."""
    if not places:
        return says(f"The draft minutes of {day(met_on)} are as they were.")
    return says(f"The draft minutes of {day(met_on)} are changed at {listing(places)}.")


def no_place(text: str) -> str:
    """E-04."""
    return f"'{text}' is no section and no item of that agenda, so nothing was changed. Write `3` or `3.2`."


def what_is_wrong() -> str:
    """E-06."""
    line = typed('council minutes correct "3.2: the figure was 18%"')
    return f"Say what is wrong, in quotes: `{line}`. Nothing was changed."


def too_late(met_on: date, at: datetime | None, zone: ZoneInfo) -> str:
    """E-05."""
    until = f" closed on {moment(at, zone)}" if at is not None else " are closed"
    return (
        f"Corrections to the minutes of {day(met_on)}{until}, so nothing was changed. "
        f"You can put it on the next agenda: `{typed('agenda add')}`."
    )


def asked(names: Sequence[str]) -> Card:
    """Who decides on a correction."""
    return says(f"Thank you. {listing(names)} will decide on it; you hear what becomes of it.")


def asked_of_nobody(council: str, admins: Sequence[str], closes_at: datetime | None, zone: ZoneInfo) -> Card:
    """The same where nobody is in office."""
    who, way = listing(admins, "or") or "An administrator", typed("council setup chair:@Ann")
    until = f" Who is in office on {moment(closes_at, zone)}, when corrections close, has it then." if closes_at else ""
    return says(
        f"Your correction is kept. {council} has neither a chair nor a secretary now, so nobody can decide on it yet. "
        f"{who} can name one: `{way}`.{until}"
    )


def decided_already(said: str) -> str:
    """E-05."""
    return f"Somebody was faster: {said[:1].lower()}{said[1:]}. Nothing was changed."


def corrected(number: int, met_on: date, *, internal: bool = False) -> Card:
    """A new edition."""
    before = number - 1
    inside = " The correction is internal: it is not in the copies of suppliers and customers." if internal else ""
    return says(
        f"Edition {number} of the minutes of {day(met_on)} is out and takes the place of edition {before}, "
        f"which stays readable.{inside}"
    )


def declined() -> Card:
    """The one who asked hears why."""
    return says("Declined. Who asked hears why.")


def approved_since(met_on: date) -> str:
    """E-05."""
    return f"The minutes of {day(met_on)} are approved as they stand, so nothing was changed."


def settled_by_approval(on: date) -> str:
    """Why a correction is closed about which nobody decided."""
    return f"the council approved the minutes as they stood on {day(on)}"


# --- files


def link(url: str, what: str, about: str) -> Card:
    """The way to a file, which is the reader's own."""
    kinds = listing(list(FORMATS.values()), "or") if what != "calendar" else "for your calendar"
    title = "Your link to the files" if what != "calendar" else "Your link to the calendar"
    label = "Open the files" if what != "calendar" else "Open the calendar"
    return Card(
        f"{about}: {title.casefold()}, {kinds}. It opens once, within 10 minutes, and only for you.",
        (
            Title(title),
            Paragraph((f"{about}, {kinds}.",)),
            Buttons((LinkButton(label, url),)),
            Note("It opens once, within 10 minutes, and only for you. That browser may look at it for eight hours."),
        ),
    )


def no_calendar() -> str:
    """E-03."""
    return "A council's calendar is for those who run it or have a seat in it. Nothing was changed."


def only_members(council: str) -> str:
    """E-03."""
    return f"That is for those who run {council} or have a seat in it. Nothing was changed."


def no_page() -> str:
    """No address is set."""
    return (
        "I have no web address, so I can't hand out files. Whoever runs Folkmoot sets PUBLIC_URL to the address "
        "at which browsers reach it."
    )


def file_about(what: str, council: str, on: date) -> str:
    """`Minutes of CX Council, Thu 3 Dec 2026`."""
    names = {"minutes": "Minutes", "agenda": "Agenda", "pack": "Agenda with reports and papers"}
    return f"{names[what]} of {council}, {day(on)}"


def calendar_about(council: str) -> str:
    """`The next meetings of CX Council`."""
    return f"The next meetings of {council}"


# --- steps, for the time bar


def drafted(decisions: int, actions: int) -> str:
    """What the step did."""
    return f"draft minutes: {decisions} decisions, {actions} actions"


def issued_by_schedule() -> str:
    """The same."""
    return f"minutes issued, {UNCHECKED[:1].lower()}{UNCHECKED[1:]}"


HOW_IT_READS = "Say how it reads now."
WHY_NOT = "Say why, so that who asked can understand it."
CORRECTIONS_CLOSED = "corrections are closed"
HALFWAY = "halfway to the next council"
NO_ACTIONS = "the meeting led to no action"
