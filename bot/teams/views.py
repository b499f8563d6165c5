"""The words about teams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.chat.cards import Card, Facts, Paragraph, Title
from bot.chat.forms import OPTIONS_MAX, Form, OneOf, Option, SomeOf, TextInput
from bot.chat.spans import Bold
from storage.people import Department, Person
from storage.teams import Team

NONE = "none"


def form(
    people: Sequence[Person],
    departments: Sequence[Department],
    values: Mapping[str, str],
    *,
    team: Team | None,
    place: str,
) -> Form:
    """Name, lead, members, zone; the channel is the one in which it is opened."""
    everybody = tuple(Option(str(each.id), each.name[:75]) for each in people[:OPTIONS_MAX])
    parts = (Option(NONE, "No department"), *(Option(str(each.id), each.name[:75]) for each in departments))
    where = f"Its channel is {place}." if place else "Open this in a channel to make it the team's own."
    return Form(
        title="Team",
        verb="team.save",
        ids={"team": str(team.id)} if team else {},
        note=where,
        inputs=(
            TextInput("name", "Name", longest=75, placeholder="Field Dispatch"),
            OneOf("lead", "Who leads it?", everybody),
            OneOf(
                "deputy",
                "Who gets what the lead is asked while the lead is away?",
                (Option(NONE, "The head of the department"), *everybody[: OPTIONS_MAX - 1]),
                value=NONE,
                optional=True,
            ),
            SomeOf(
                "members", "Who takes part in its huddles?", everybody, hint="A lead takes part only if ticked here."
            ),
            OneOf("department", "Department", parts, value=NONE, optional=True),
            TextInput("zone", "Time zone", longest=60, placeholder="Europe/London"),
        ),
        submit="Save team",
    ).filled(values)


@dataclass(frozen=True, slots=True)
class Changed:
    """Who left a team and who came into it, where it had members before."""

    left: Sequence[str] = ()
    added: Sequence[str] = ()


def saved(team: Team, lead: str, members: Sequence[str], place: str, *, changed: Changed | None = None) -> Card:
    """What was stored, and who is no longer, or newly, in it."""
    text = f"{team.name}: {len(members)} people, lead {lead}."
    changed = changed or Changed()
    gone = (("Left out from tomorrow", (", ".join(changed.left),)),) if changed.left else ()
    new = (("Added from today", (", ".join(changed.added),)),) if changed.added else ()
    facts = (
        ("Lead", (lead,)),
        ("Members", (", ".join(members) or "none yet",)),
        *gone,
        *new,
        ("Channel", (place or "none yet",)),
        ("Zone", (team.zone,)),
    )
    return Card(text, (Title(team.name), Facts(facts)))


NEEDS_NAME = "Please give the team a name."
NEEDS_PERSON = "Please choose a person from the list."
NEEDS_MEMBERS = "Please choose at least one person."


def no_zone(text: str) -> str:
    """A zone that does not exist."""
    return f"I don't know the time zone '{text}'. Write it as Europe/London or America/New_York."


def name_taken(name: str) -> str:
    """Two teams of one name."""
    return f"There is a team called {name} already. Please choose another name."


def room_is_shut(team: Team, place: str) -> Card:
    """To the lead of a team in whose room the bot may not write."""
    text = f"I can't write in {place} any more, so the huddle summaries of {team.name} have no place."
    way = (
        f"Add me to {place} again. Or add me to another channel or group chat, call me there by my name and write ",
        Bold(f"team setup {team.name}"),
        ": from then on they stand there. Everybody is asked as before.",
    )
    return Card(text, (Title("Your team's room is shut to me"), Paragraph((text,)), Paragraph(way)))


def room_is_open(team: Team, place: str) -> Card:
    """The same, once there is a room again."""
    text = f"The huddle summaries of {team.name} stand in {place} again."
    return Card(text, (Title("All is well again"), Paragraph((text,))))
