"""The words about people."""

from collections.abc import Sequence

from bot.chat.cards import Card, says
from bot.chat.words import listing, typed


def whom_to_add() -> str:
    """Nobody was mentioned."""
    return f"Mention the guest, as in {typed('people add @Robin')}. Full members need not be added."


def whom_to_remove() -> str:
    """Nobody was mentioned."""
    return f"Mention the guest, as in {typed('people remove @Robin')}."


def added(new: Sequence[str], known: Sequence[str]) -> Card:
    """Who takes part from now on, and who did before."""
    lines = []
    if new:
        ways = f"{typed('team setup')} takes them into a team, {typed('people remove')} out of everything again"
        lines.append(f"Added {listing(new)}. They can write to me now; {ways}.")
    if known:
        lines.append(f"{listing(known)} {'takes' if len(known) == 1 else 'take'} part already.")
    return says(" ".join(lines))


def removed(names: Sequence[str]) -> Card:
    """Who takes no part any more."""
    verb = "takes" if len(names) == 1 else "take"
    return says(
        f"{listing(names)} {verb} no part any more; what they said stays. {typed('people add')} brings them back."
    )


def full_member(name: str) -> str:
    """Only guests come and go by an administrator's word."""
    return f"{name} is a full member, and takes part as long as their account is open. Nothing was changed."


def account_closed(name: str) -> str:
    """Whom their platform has let go, the bot does not bring back."""
    return (
        f"{name}'s account is closed here, so they can't take part. Once it is open again, {typed('people add')} lets "
        "them in. Nothing was changed."
    )


def not_found(name: str) -> str:
    """E-10 for somebody of whom the platform told nothing."""
    whom = "one of them" if name.startswith("[") else f"'{name}'"
    return (
        f"I can't find {whom} here. Mention people with @ and pick them from the list, at most ten at once; bots and "
        "closed accounts can't take part. If all that is so, I was not told in time: please try again. "
        "Nothing was changed."
    )
