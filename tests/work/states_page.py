"""The page of states and moves, made from the same tables that the bot decides by."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from bot.actions import rules as actions
from bot.agenda import rules as agenda
from bot.blockers import rules as blockers
from bot.council import rules as council
from bot.decisions import rules as decisions
from bot.initiatives import rules as initiatives
from bot.milestones import rules as milestones
from bot.minutes import rules as minutes
from bot.ranking import rules as ranking
from bot.weekly import rules as weekly
from bot.work.rules import Move, Part, state_words, verbs_from

S = TypeVar("S", bound=StrEnum)

HEAD = """\
# States and moves

What can be done with each kind of work, from which state to which, and by whom. This page is made from the tables that
the bot decides by (`MOVES` in the `rules.py` of each feature); a test keeps the two equal. Whatever is not listed is
refused with what is allowed instead (E-05), and changes nothing. "Overdue", "late" and "at risk" are computed; they are
no states.
"""


def page() -> str:
    """The whole page."""
    tables: Sequence[tuple[str, str]] = (
        ("Actions", _table(actions.MOVES)),
        ("Blockers", _table(blockers.MOVES)),
        ("Initiatives", _table(initiatives.INITIATIVE_MOVES)),
        ("Charters", _table(initiatives.CHARTER_MOVES)),
        ("Batches", _table(initiatives.BATCH_MOVES)),
        ("Milestones", _table(milestones.MOVES)),
        ("Ranking rounds", _table(ranking.MOVES)),
        ("Weekly follow-ups", _table(weekly.MOVES)),
        ("Meetings of a council", _table(council.MOVES)),
        ("Agenda items", _table(agenda.MOVES)),
        ("Decisions", _table(decisions.MOVES)),
        ("Votes", _table(decisions.VOTE_MOVES)),
        ("Minutes", _table(minutes.MOVES)),
        ("Corrections to minutes", _table(minutes.CORRECTION_MOVES)),
    )
    return "\n".join((HEAD, *(f"## {title}\n\n{table}\n" for title, table in tables)))


def _table(moves: Sequence[Move[S]]) -> str:
    rows = [
        f"| {move.verb} | {', '.join(map(state_words, move.sources))} | "
        f"{state_words(move.target) if move.target else 'as it was'} | {_who(move.who)} | {_needs(move)} |"
        for move in moves
    ]
    states = list(dict.fromkeys(type(moves[0].sources[0])))
    allowed = [
        f"| {state_words(state)} | {', '.join(verbs_from(moves, state)) or 'nothing: final'} |" for state in states
    ]
    return "\n".join(
        (
            "| verb | from | to | who | needs |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
            "| state | what can be done |",
            "| --- | --- |",
            *allowed,
        )
    )


def _who(parts: Sequence[Part]) -> str:
    people = [each.value for each in parts if each is not Part.CLOCK]
    if not people:
        return Part.CLOCK.value
    return " or ".join([*people, *(["by itself"] if Part.CLOCK in parts else [])])


def _needs(move: Move[S]) -> str:
    return "; ".join(each for each in ("a reason" if move.reason else "", move.when) if each) or "–"
