"""A diary as an iCalendar file."""

from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from bot.chat.papers import Diary, Happening


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is asked to a meeting, and the address from which that is done."""

    address: str
    name: str
    by: str


def calendar(diary: Diary) -> bytes:
    """The diary with one event for each happening, in its own time zone. Source: RFC 5545, RFC 7986."""
    return _file(diary, "PUBLISH", None)


def method_of(diary: Diary) -> str:
    """What an invitation to a diary's happenings wants: that they stand in a calendar, or go from it."""
    return "CANCEL" if all(each.cancelled for each in diary.happenings) else "REQUEST"


def invitation(diary: Diary, invited: Invited) -> bytes:
    """The diary as an invitation, which a calendar takes over by a press. Source: RFC 5546 section 3.2."""
    return _file(diary, method_of(diary), invited)


def _file(diary: Diary, method: str, invited: Invited | None) -> bytes:
    found = Calendar()
    found.add("prodid", "-//Folkmoot//Folkmoot//EN")
    found.add("version", "2.0")
    found.add("method", method)
    found.add("name", diary.name)
    found.add("x-wr-calname", diary.name)
    zone = ZoneInfo(diary.zone)
    for each in diary.happenings:
        event = _event(each, zone)
        if invited is not None:
            _invite(event, invited)
        found.add_component(event)
    if diary.happenings:
        found.add_missing_timezones()
    return bytes(found.to_ical())


def _event(happening: Happening, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", happening.uid)
    event.add("summary", happening.title)
    event.add("dtstart", happening.starts_at.astimezone(zone))
    event.add("dtend", happening.ends_at.astimezone(zone))
    event.add("dtstamp", happening.made_at.astimezone(UTC))
    event.add("sequence", happening.sequence)
    event.add("status", "CANCELLED" if happening.cancelled else "CONFIRMED")
    for name, value in (("location", happening.where), ("description", happening.about), ("url", happening.url)):
        if value:
            event.add(name, value)
    return event


def _invite(event: Event, invited: Invited) -> None:
    """Answers are given to the mail: those of calendar programs are asked for by none, and read by nobody."""
    organiser = vCalAddress(f"mailto:{invited.by}")
    organiser.params["CN"] = vText("Folkmoot")
    attendee = vCalAddress(f"mailto:{invited.address}")
    attendee.params |= {"CN": vText(invited.name), "PARTSTAT": vText("NEEDS-ACTION"), "RSVP": vText("FALSE")}
    event.add("organizer", organiser)
    event.add("attendee", attendee)
