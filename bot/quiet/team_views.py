"""The words about who stands in for a team's lead."""

from bot.chat.cards import Card, says
from bot.chat.words import typed
from storage.teams import Team


def deputy(name: str, team: Team) -> Card:
    """Somebody stands in from now on."""
    return says(
        f"While the lead of {team.name} is away, {name} gets what I ask a lead. "
        "Where both are away, it goes to the head of the department."
    )


def no_deputy(team: Team) -> Card:
    """Nobody does any more."""
    return says(
        f"{team.name} has no deputy now. While its lead is away, the head of the department gets what I ask a lead."
    )


def whom() -> str:
    """Nobody, or more than one, was named."""
    return f"Name one person, as in {typed('team deputy @Ben')}; {typed('team deputy none')} leaves it open."


def is_lead(name: str, team: Team) -> str:
    """Nobody stands in for themselves."""
    return f"{name} leads {team.name}, so somebody else stands in. Nothing was changed."
