"""The words for councils in general: which one is meant, who may, its rhythm, and what its seats are called."""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.words import clock, day, listing, place_of, short_day, typed
from bot.council import rules
from bot.work.rules import Part
from storage.councils import Council, Seat
from storage.meetings import CouncilMeeting

CUSTOMER_SEAT = rules.CUSTOMER_SEAT
VACANT = "vacant"
KINDS = {
    Seat.Kind.VOTING: "votes",
    Seat.Kind.ADVISORY: "speaks, no vote",
    Seat.Kind.CUSTOMER: "the customer",
    Seat.Kind.SUPPLIER_VOTING: "supplier, votes",
    Seat.Kind.SUPPLIER_ADVISORY: "supplier, no vote",
}
CUSTOMER = {
    Council.Customer.ADVISORY: "speaks first at item 2, no vote",
    Council.Customer.VOTING: "speaks first at item 2 and votes",
    Council.Customer.CO_CHAIR: "chairs together with the chair, and votes",
}
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
_LONG_DAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday",
    "SU": "Sunday",
}  # fmt: skip
_MONTHS = {1: "", 2: " every two months", 3: " every three months"}
_WEEKS = {1: "every {}", 2: "every two weeks on {}", 3: "every three weeks on {}", 4: "every four weeks on {}"}


def rhythm(rule: str) -> str:
    """A council's rule as people type it: `first Thursday`, `every two weeks on Wednesday`."""
    every = int((re.search(r"INTERVAL=(\d+)", rule) or ["", "1"])[1])
    days = re.findall(r"(-?\d)?([A-Z]{2})(?=,|$)", rule.partition("BYDAY=")[2])
    name = _LONG_DAYS.get(days[0][1], "") if days else ""
    if "WEEKLY" in rule:
        return _WEEKS.get(every, f"every {every} weeks on {{}}").format(name)
    nth = listing([_NTH.get(int(number or 1), "") for number, _ in days])
    return f"{nth} {name}{_MONTHS.get(every, f' every {every} months')}"


def meets(at: datetime, zone: ZoneInfo, reader: ZoneInfo | None = None, *, named: bool = False) -> str:
    """`Thu 3 Dec 2026, 10:00`, on the reader's clock; with the place where that is not the council's, or `named`."""
    local = at.astimezone(reader or zone)
    return f"{day(local.date())}, {clock(local)}{_place(at, zone, reader, named=named)}"


def short_moment(at: datetime, zone: ZoneInfo, reader: ZoneInfo | None = None, *, named: bool = False) -> str:
    """`Mon 30 Nov, 12:00`, on the reader's clock; with the place as in `meets`."""
    local = at.astimezone(reader or zone)
    return f"{short_day(local.date())}, {clock(local)}{_place(at, zone, reader, named=named)}"


def _place(at: datetime, zone: ZoneInfo, reader: ZoneInfo | None, *, named: bool) -> str:
    shown = reader or zone
    elsewhere = at.astimezone(shown).utcoffset() != at.astimezone(zone).utcoffset()
    return f" ({place_of(shown)})" if elsewhere or named else ""


def place_words(meeting: CouncilMeeting) -> str:
    """Where it meets: the room, or by video; empty where nobody said."""
    return meeting.where or ("by video" if meeting.link else "")


def meeting_ids(meeting: CouncilMeeting) -> dict[str, str]:
    """What a button of a meeting carries."""
    return {"meeting": str(meeting.id)}


def no_council() -> str:
    """There is none yet."""
    return f"There is no council yet. An administrator sets one up with `{typed('council setup')}`."


def which_council(names: Sequence[str]) -> str:
    """Several could be meant."""
    return f'Which council do you mean: {listing(names, "or")}? Add `council:"{names[0]}"` to the line.'


def unknown_council(name: str, names: Sequence[str]) -> str:
    """E-04."""
    there_are = f" There is {listing(names)}." if names else ""
    return f"I can't find a council called '{name}'.{there_are} Nothing was changed."


def no_meeting(council: str) -> str:
    """Its rhythm has come to an end, or it is paused."""
    return f"No meeting of {council} is planned. Its dates are set with `{typed('council setup')}`."


def no_meeting_on(council: str, on: date) -> str:
    """E-04."""
    return f"{council} has no meeting on {day(on)}. `{typed('council schedule')}` lists its dates."


def date_typed(on: date) -> str:
    """`3 Dec 2026`, as somebody types it."""
    return day(on).partition(" ")[2]


def nobody_chairs() -> str:
    """The way out where nobody runs a council."""
    line = typed("council setup chair:@name")
    return f"Nobody chairs it yet: an administrator, the sponsor or who set it up names somebody with `{line}`."


def only(allowed: Collection[Part], council: str, chair: str) -> str:
    """E-03."""
    ask = f" You can ask {chair}." if chair else f" {nobody_chairs()}"
    people = [each.value for each in allowed if each is not Part.CLOCK]
    return f"Only {listing(people, 'or')} of {council} can do that.{ask} Nothing was changed."


def holds_internal(able: Sequence[str]) -> str:
    """E-03: who chairs from outside would read what is internal; `able` can do it."""
    ask = f" You can ask {listing(able, 'or')}." if able else " An administrator can name somebody who keeps it."
    return f"It can hold what is internal, which only members of the organisation read.{ask} Nothing was changed."
