"""Every card and form about somebody's days, their quiet and the digest, as they would see it, by name."""

from datetime import UTC, date, datetime, time

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.huddles import absence_views
from bot.quiet import digest_views, status_views, team_views, views
from bot.quiet.digest_views import Held
from bot.quiet.rules import Quiet
from storage.messages import Message
from storage.people import Absence, Person
from storage.teams import Team

ZOE = Person(id=3, name="Zoe Ward", zone="Europe/London", prefers="local")
PART_TIME = ZOE.model_copy(
    update={
        "working_days": "mon,tue,wed,fri",
        "calendar": "GB-SCT",
        "quiet_from": time(18),
        "quiet_to": time(8),
        "messages_a_day": 4,
        "reminders": False,
    }
)
USUAL = views.Settings(ZOE, Quiet(time(18, 30), time(7, 30), 6), "GB-ENG")
OWN = views.Settings(PART_TIME, Quiet(time(18), time(8), 4), "GB-ENG")
DIGITAL = Team(id=4, name="Digital", zone="Europe/London")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def a_message(number: int) -> Message:
    return Message(id=number, key=f"test:{number}", lane_id=1, view="action.reminder", ids="{}", due_at=NOON)


def held(*titles: str, opened: int = 0, reminders: bool = False) -> list[Held]:
    return [Held(a_message(n), title, n <= opened, reminders) for n, title in enumerate(titles, start=1)]


def an_absence(number: int, first: date, last: date | None, note: str = "") -> Absence:
    return Absence(id=number, person_id=3, from_on=first, to_on=last, note=note)


TWO = ("A-104 is due today", "Ben said yes to A-95")
MANY = tuple(f"Message {n} of the day" for n in range(1, 13))
ABSENCES = [
    an_absence(1, date(2026, 11, 30), date(2026, 11, 30), "dentist"),
    an_absence(2, date(2026, 12, 21), date(2027, 1, 1)),
    an_absence(3, date(2027, 3, 1), None),
]

QUIET: dict[str, Card | Form] = {
    "settings": views.settings(USUAL),
    "settings-own": views.settings(OWN),
    "settings-form": views.form(USUAL, with_zone=True),
    "settings-form-own": views.form(OWN, with_zone=False),
    "settings-saved": views.saved(OWN),
    "settings-days": views.days_noted(PART_TIME, other=False),
    "settings-days-other": views.days_noted(PART_TIME, other=True),
    "settings-holidays": views.holidays_noted(OWN),
    "settings-holidays-team": views.holidays_noted(USUAL),
    "settings-quiet": views.quiet_noted(OWN),
    "settings-quiet-none": views.quiet_noted(views.Settings(PART_TIME, Quiet(time(7, 30), time(7, 30), 4), "")),
    "settings-messages": views.number_noted(OWN),
    "settings-messages-none": views.number_noted(views.Settings(PART_TIME, Quiet(time(18), time(8), 0), "")),
    "settings-reminders-off": views.reminders_noted(PART_TIME),
    "settings-reminders-on": views.reminders_noted(ZOE),
    "team-holidays": views.team_holidays_noted("Digital", "GB-SCT", "GB-ENG"),
    "team-holidays-none": views.team_holidays_noted("Digital", "", "GB-ENG"),
    "team-deputy": team_views.deputy("Ben Hale", DIGITAL),
    "team-deputy-none": team_views.no_deputy(DIGITAL),
    "digest": digest_views.digest(held(*TWO), day=1),
    "digest-reminders": digest_views.digest(held(*TWO, reminders=True), day=1),
    "digest-many": digest_views.digest(held(*MANY), day=1),
    "digest-more": digest_views.digest(held(*MANY), day=1, first=4),
    "digest-opened-one": digest_views.digest(held(*TWO, opened=1), day=1),
    "digest-opened": digest_views.all_opened(held(*TWO, opened=2)),
    "digest-open": digest_views.comes(),
    "away-list": absence_views.listed(ABSENCES),
    "away-list-none": absence_views.listed([]),
    "away-form": absence_views.form(date(2026, 11, 24)),
    "away-counted": absence_views.you_are_away(
        date(2026, 11, 24),
        date(2026, 11, 27),
        days=(date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 27)),
    ),
    "status-question": status_views.question(date(2026, 11, 24), date(2026, 11, 27)),
    "status-question-open": status_views.question(date(2026, 11, 24), None),
    "status-noted": status_views.noted(date(2026, 11, 24), date(2026, 11, 27)),
    "status-declined": status_views.declined(),
}
