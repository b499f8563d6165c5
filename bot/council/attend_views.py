"""The words about who comes: the card to say so, the form for a deputy, and why an answer is not taken."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Facts, Note, Paragraph, Title, says
from bot.chat.forms import Form, OneOf, Option, PersonInput, Values
from bot.chat.words import count, typed
from bot.council import call_views, views
from bot.council.call_views import Rsvp, Seated
from storage.councils import Council
from storage.meetings import CouncilMeeting

WHO, DECIDES = "deputy", "decides"
YES, NO = "yes", "no"
NEEDS_PERSON = "Please choose who comes for you."
NOT_ONESELF = "A deputy is somebody else than you."
NEEDS_POWER = "May they decide? It says whether they count for the quorum."
REASON_MAX = 300  # characters


def card(found: Seated, reader: ZoneInfo) -> Card:
    """What somebody has said of a meeting, and the ways to change it."""
    at = call_views.when(found, reader)
    if not found.has_seat:
        return says(f"You have no seat in {found.council.name}, so nobody counts on you on {at}. You are welcome.")
    words = f"{found.council.name}, {at}: {call_views.answer_words(found)}"
    counted = f"{found.yes} yes, {found.no} no, {found.open} open – quorum is {found.quorum.needed}"
    return Card(
        words,
        (
            Title("My attendance"),
            Note(f"{found.council.name} · {at}"),
            Paragraph((call_views.answer_words(found),)),
            Facts((("Attendance", (counted,)),)),
            *call_views.answers(found),
        ),
    )


def recorded(found: Seated, reader: ZoneInfo, *, whose: str, notes: Sequence[str]) -> Card:
    """`Recorded. Quorum needs 5; I now expect 6.`, with what it means."""
    at = call_views.when(found, reader)
    who = whose or "You"
    said = {
        Rsvp.YES: f"{who} {'come' if not whose else 'comes'}",
        Rsvp.NO: f"{who} can't come",
        Rsvp.DEPUTY: f"{found.deputy} comes for {whose or 'you'}",
        Rsvp.NONE: "Nothing is said",
    }[found.rsvp]
    words = f"Recorded: {said}, {at}. {call_views.expected(found.quorum)}"
    ways: tuple[Buttons, ...] = ()
    if found.rsvp is Rsvp.NO and not whose:
        ids = views.meeting_ids(found.meeting)
        ways = (Buttons((Button("Send a deputy", "council.deputy", ids, opens_form=True),)),)
    return Card(words, (*(Paragraph((each,)) for each in (words, *notes)), *ways))


def deputy_form(council: Council, meeting: CouncilMeeting, values: Values) -> Form:
    """Who comes instead, and whether they may decide."""
    at = views.meets(meeting.starts_at, ZoneInfo(council.zone))
    return Form(
        title="Send a deputy",
        verb="council.deputy",
        ids=views.meeting_ids(meeting),
        note=f"{council.name}, {at}. They are told at once.",
        inputs=(
            PersonInput(WHO, "Who comes for you?"),
            OneOf(
                DECIDES,
                "May they decide for you?",
                (
                    Option(YES, "Yes: they decide, vote and count for the quorum"),
                    Option(NO, "No: they listen and speak"),
                ),
            ),
        ),
        submit="Send",
    ).filled(values)


def counts_once(name: str) -> str:
    """A deputy who has a vote of their own."""
    return f"{name} has a voting seat already and counts once for the quorum."


def no_power(name: str) -> str:
    """A deputy who may not decide."""
    return f"{name} can't decide, so does not count for the quorum."


def how(council: str) -> str:
    """A line that says neither yes nor no."""
    return (
        f"Do you come to {council}? Write `{typed('council attend yes')}`, `{typed('council attend no')}` or "
        f"`{typed('council attend deputy:@name')}`. Nothing was changed."
    )


def no_seat(council: str, name: str) -> str:
    """E-03."""
    who = f"{name} has" if name else "You have"
    return f"{who} no seat in {council}, so there is nothing to answer. Nothing was changed."


def has_begun(council: str) -> str:
    """E-05."""
    return (
        f"That meeting of {council} has begun, so who is there counts now: press `I'm here` in its room. "
        "Nothing was changed."
    )


def is_over(council: str, at: str) -> str:
    """E-05."""
    return f"The meeting of {council} on {at} is over or called off. Nothing was changed."


def cannot_be(name: str, council: str) -> str:
    """A deputy from outside for a seat of the organisation's."""
    return (
        f"{name} is not of the organisation, and this seat of {council} reads its internal papers. "
        "Please choose somebody of your own. Nothing was changed."
    )


def asked(number: int) -> Card:
    """**Ask deputies**."""
    if not number:
        return says("Nobody is left to ask: everybody with a seat comes, or sends somebody.")
    return says(f"{count(number, 'person', 'people')} are asked to come or to send a deputy who can decide.")


def goes_ahead(council: str, at: str) -> Card:
    """**Go ahead**."""
    return says(f"{council} meets on {at}. What it decides without a quorum is provisional until it is confirmed.")


def freed(council: str, at: str, *, asks: bool) -> Card:
    """A deputy who can't; whoever named them hears of it."""
    if not asks:
        return says(f"You are not expected for anybody at {council} on {at}.")
    return says(f"Noted: you don't sit in at {council} on {at}. Whoever asked you hears of it now.")
