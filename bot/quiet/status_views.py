"""The words of the question that somebody's status in the chat gives rise to."""

from datetime import date

from bot.chat.cards import Button, Buttons, Card, Paragraph, Title
from bot.chat.words import day, short_day


def question(first: date, last: date | None, hint: int = 0) -> Card:
    """Once, to nobody but them: whether the days are to be noted."""
    until = f" until {day(last)}" if last else ""
    text = f"Your status says you are away{until}. Shall I note it? Until you say so, nothing is noted."
    yes = f"Away until {short_day(last)}" if last else f"Away from {short_day(first)}"
    ids = {"hint": str(hint)}
    buttons = Buttons((Button(yes, "quiet.status_yes", ids, primary=True), Button("No", "quiet.status_no", ids)))
    return Card(text, (Title("Are you away?"), Paragraph((text,)), buttons))


def noted(first: date, last: date | None) -> Card:
    """The question after **Yes**."""
    span = f"until {day(last)}" if last else f"from {day(first)}, until you write back"
    text = f"Noted: you're away {span}."
    return Card(text, (Title("Are you away?"), Paragraph((text,))))


def declined() -> Card:
    """The question after **No**."""
    text = "Nothing is noted. Your status is your own affair."
    return Card(text, (Title("Are you away?"), Paragraph((text,))))


def answered_before() -> str:
    """A second press."""
    return "You have answered that before. Nothing was changed."


def is_over() -> str:
    """The days have passed."""
    return "Those days are over. Nothing was changed."


def said(name: str) -> str:
    """What the step did."""
    return f"asked {name} about a status"
