"""A person's day as a card, from the newest rows, section by section."""

from datetime import datetime

from bot.chat.cards import Card
from bot.home import ahead, goals, known, milestones, to_do, views, waiting
from bot.home.day import Section, day_of
from bot.people.rules import first_name
from storage.people import Person
from storage.tx import Tx

WAITING: tuple[Section, ...] = (
    waiting.absence,
    waiting.huddles_today,
    ahead.meetings,
    to_do.actions,
    milestones.milestones,
    goals.weeks,
    ahead.ballots,
    waiting.blockers,
    waiting.first_steps,
)
"""What waits for the person, in reading order; a feature that has something to say adds its section here."""

KNOWN: tuple[Section, ...] = (goals.goals, known.figures, known.coming_up, known.oversight)
"""What is good to know."""


async def day(tx: Tx, person: Person, now: datetime) -> Card:
    """What waits for a person today, what they should know and what comes next. It only reads."""
    mine = await day_of(tx, person, now)
    return views.card(
        first_name(person),
        mine.today,
        mine.zone,
        [team.name for team in mine.teams],
        waiting=[await section(mine) for section in WAITING],
        known=[await section(mine) for section in KNOWN],
    )
