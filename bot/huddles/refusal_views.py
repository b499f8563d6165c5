"""What can't be done with a huddle, and why. Source: domain.md 3.3."""

from collections.abc import Sequence
from datetime import date

from bot.chat.words import day, listing, short_day, typed
from storage.huddles import Huddle, HuddleRun


def not_in_it(huddle: Huddle) -> str:
    """Somebody who is not asked wants to answer."""
    return f"Today's huddle of {huddle.name} doesn't expect an answer from you. Nothing was changed."


def closed_for_good(run: HuddleRun) -> str:
    """An answer after midnight."""
    closed = f"The huddle of {short_day(run.local_date)} is closed, so nothing was changed."
    return f"{closed} Write it here, and I offer it to the next one."


def nothing_to_withdraw() -> str:
    """`/huddle withdraw` without an answer."""
    return "There is no answer of yours today that you could take back. Nothing was changed."


def no_huddle() -> str:
    """Somebody without a team."""
    return f"You are in no huddle yet. A lead or an administrator adds one with {typed('huddle setup')}."


def no_run_today(huddle: Huddle, following: date | None) -> str:
    """`/huddle` on a free day."""
    coming = f" The next one is on {day(following)}." if following else ""
    rests = f" {_resting(huddle)}" if following is None and (huddle.paused or huddle.until_on) else ""
    return f"{huddle.name} has no huddle open for you now.{coming}{rests}"


def _resting(huddle: Huddle) -> str:
    if huddle.paused and huddle.resumes_on is None:
        return "It is paused."
    return f"Its last day was {day(huddle.until_on)}." if huddle.until_on else ""


def only_lead(huddle: Huddle, lead: str) -> str:
    """E-03 for a huddle."""
    whom = f"{lead}, who leads it," if lead else "its lead"
    return f"Only {whom} or an administrator can do that for {huddle.name}. Nothing was changed."


def already_over(on: date) -> str:
    """Skipping a run that has closed."""
    return f"The huddle of {day(on)} has closed already, so it can't be skipped. Nothing was changed."


def already_skipped(on: date) -> str:
    """E-05 for a day off."""
    return f"The huddle of {day(on)} is skipped already. Nothing was changed."


def skip_in_the_past(on: date, following: date | None) -> str:
    """Skipping a day that is over."""
    such = f", such as the one on {day(following)}" if following else ""
    return f"{day(on)} is over. I can skip a huddle to come{such}. Nothing was changed."


def skip_too_far(on: date, last: date) -> str:
    """Skipping a day that nobody plans yet."""
    return f"{day(on)} is more than a year ahead. I can skip huddles until {day(last)}. Nothing was changed."


def no_huddle_on(huddle: Huddle, on: date, following: date | None) -> str:
    """Skipping a day without a huddle."""
    coming = f" The next one is on {day(following)}." if following else ""
    return f"{huddle.name} has no huddle on {day(on)}.{coming} Nothing was changed."


def no_huddle_named(name: str, known: Sequence[str]) -> str:
    """E-04 for a huddle."""
    ways = f" There is {listing(known)}." if len(known) == 1 else f" There are {listing(known)}." if known else ""
    return f"I can't find the huddle '{name}'.{ways} Nothing was changed."


def which_huddle(names: Sequence[str]) -> str:
    """A team has several."""
    return f'Which huddle? Please add its name, such as "{names[0]}". There are {listing(names)}. Nothing was changed.'


def no_huddle_of(team: str) -> str:
    """A team without a huddle."""
    command = typed("huddle setup")
    return f"{team} has no huddle yet. Its lead or an administrator adds one with {command}. Nothing was changed."


def which_team(teams: Sequence[str]) -> str:
    """An administrator could mean several huddles."""
    return (
        f'Which huddle? Please add its team, such as team:"{teams[0]}". '
        f"There are huddles of {listing(teams)}. Nothing was changed."
    )


def no_summary(on: date) -> str:
    """`/huddle summary` of a day without one."""
    return f"There is no summary for {day(on)}."
