"""What can't be done with a huddle, and why. Source: domain.md 3.3."""

from datetime import date

from bot.chat.words import day, short_day
from storage.huddles import Huddle, HuddleRun


def not_in_it(huddle: Huddle) -> str:
    """Somebody who is not asked wants to answer."""
    return f"Today's huddle of {huddle.name} doesn't expect an answer from you. Nothing was changed."


def closed_for_good(run: HuddleRun) -> str:
    """An answer after midnight."""
    closed = f"The huddle of {short_day(run.local_date)} is closed, so nothing was changed."
    return f"{closed} Write it here, and I offer it to the next one."


def no_huddle() -> str:
    """Somebody without a team."""
    return "You are in no huddle yet. A lead or an administrator adds one with /huddle setup."


def no_run_today(huddle: Huddle, following: date | None) -> str:
    """`/huddle` on a free day."""
    coming = f" The next one is on {day(following)}." if following else ""
    return f"{huddle.name} has no huddle open for you now.{coming}"


def only_lead(huddle: Huddle, lead: str) -> str:
    """E-03 for a huddle."""
    whom = f"{lead}, who leads it," if lead else "its lead"
    return f"Only {whom} or an administrator can do that for {huddle.name}. Nothing was changed."


def already_over(on: date) -> str:
    """Skipping a run that has closed."""
    return f"The huddle of {day(on)} has closed already, so it can't be skipped. Nothing was changed."


def no_summary(on: date) -> str:
    """`/huddle summary` of a day without one."""
    return f"There is no summary for {day(on)}."
