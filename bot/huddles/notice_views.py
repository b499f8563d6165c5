"""What a lead alone is told of a huddle: whom to check in with, and whether its streak still helps."""

from collections.abc import Sequence

from bot.chat.cards import Button, Buttons, Card, Note, Paragraph, Title
from bot.chat.words import listing
from bot.huddles import rules
from storage.huddles import Huddle

SETTLED_KEPT = "The streak stays in the summaries."
SETTLED_OFF = "The summaries tell of no streak any more."


def quiet(huddle: Huddle, names: Sequence[str]) -> Card:
    """Several silent runs in a row; never told in public. Source: domain.md 3.5."""
    text = f"You may want to check in with {listing(names)}."
    return Card(
        text,
        (
            Title(f"Just for you · {huddle.name}"),
            Paragraph((text,)),
            Note(f"No answer came to the last {rules.QUIET_RUNS} huddles that asked them. Nobody else is told."),
        ),
    )


def novelty(huddle: Huddle, weeks: int) -> Card:
    """A streak that has been shown for a quarter. Source: domain.md 4.9."""
    text = (
        f"The summaries of {huddle.name} have told of the team's streak for {weeks} weeks. Keep, change or switch off?"
    )
    ids = {"huddle": str(huddle.id)}
    return Card(
        text,
        (
            Title(f"Does the streak still help {huddle.name}?"[:45]),
            Paragraph((text,)),
            Note("It counts huddles in a row in which enough people answered on time. Absences never end it."),
            Buttons(
                (
                    Button("Keep", "huddle.streak_keep", ids),
                    Button("Change", "huddle.change", ids, opens_form=True, spoken="Change the target in the set-up"),
                    Button("Switch off", "huddle.streak_off", ids),
                )
            ),
        ),
    )


def novelty_settled(huddle: Huddle) -> Card:
    """The same, answered."""
    text = SETTLED_KEPT if huddle.shows_streak else SETTLED_OFF
    return Card(text, (Title(f"Streak · {huddle.name}"[:45]), Paragraph((text,))))
