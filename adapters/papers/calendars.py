"""A diary as an iCalendar file."""

from datetime import UTC
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from bot.chat.papers import Diary, Happening


def calendar(diary: Diary) -> bytes:
    """The diary with one event for each happening, in its own time zone. Source: RFC 5545, RFC 7986."""
    found = Calendar()
    found.add("prodid", "-//Folkmoot//Folkmoot//EN")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("name", diary.name)
    found.add("x-wr-calname", diary.name)
    zone = ZoneInfo(diary.zone)
    for each in diary.happenings:
        found.add_component(_event(each, zone))
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
