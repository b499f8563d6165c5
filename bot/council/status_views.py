"""The words of a council's status. Source: domain.md 3.6, K-08."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Facts, Note, Paragraph, Title
from bot.chat.spans import Text, plain
from bot.chat.words import count, listing, percent, typed
from bot.council import call_views, setup_views, views
from bot.council.call_views import Seated
from bot.council.rules import Quorum
from storage.agenda import DepartmentReport
from storage.councils import Council

Fact: TypeAlias = tuple[str, Text]
"""A line of the card: what it is, and how it stands."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a council stands; `seated` is None where no meeting is planned."""

    council: Council
    customer: str = ""
    vacant: Sequence[str] = ()
    unseated: Sequence[str] = ()
    open_actions: int = 0
    overdue: int = 0
    seated: Seated | None = None
    reports: int = 0
    missing: Sequence[str] = ()
    items: int = 0
    proactive: int = 0
    more: Sequence[Fact] = ()
    """What other features know of it."""
    live: Sequence[Fact] = ()
    """Where the meeting stands that is on; empty before one."""


def with_meeting(
    status: Status, seated: Seated, *, missing: Sequence[str], reports: int, items: int, proactive: int
) -> Status:
    """The same, with the next meeting."""
    return replace(status, seated=seated, missing=missing, reports=reports, items=items, proactive=proactive)


def card(status: Status, reader: ZoneInfo) -> Card:
    """K-08."""
    council, seated = status.council, status.seated
    if seated is None:
        words = f"No meeting of {council.name} is planned. {setup_views.when(council).capitalize()}."
        return Card(
            words, (Title(council.name[:45]), Paragraph((words,)), Facts(tuple(_table(status))), *_gaps(status))
        )
    at = call_views.when(seated, reader)
    where = views.place_words(seated.meeting)
    words = f"{council.name} meets on {at}. {_forecast(seated)}."
    before: list[Fact] = [
        ("Attendance", (f"{seated.yes} yes, {seated.no} no, {seated.open} open",)),
        ("Quorum", (_forecast(seated),)),
    ]
    if status.live:
        words = f"{council.name} of {at}. {' '.join(f'{name}: {plain(text)}.' for name, text in status.live)}"
    facts: list[Fact] = [
        *(status.live or before),
        ("Reports", (_reports(status),)),
        ("Items", (_items(status),)),
        *_table(status),
    ]
    buttons = _buttons(seated)
    return Card(
        words,
        (
            Title(council.name[:45]),
            Note(f"{at} · {where}" if where else at),
            Facts(tuple(facts)),
            *_gaps(status),
            *([Buttons(buttons)] if buttons else []),
        ),
    )


def live(now: Fact, quorum: Quorum) -> Sequence[Fact]:
    """Of a meeting that is on: where it stands, and its quorum at this moment."""
    met = "met" if quorum.is_met else "not met"
    return now, ("Quorum", (f"{met}: {quorum.present} of {quorum.filled} present, {quorum.needed} needed",))


def _table(status: Status) -> list[Fact]:
    overdue = f", {status.overdue} overdue" if status.overdue else ""
    return [
        ("Customer's seat", (status.customer,)),
        ("Council actions", (f"{status.open_actions} open{overdue}",)),
        *status.more,
    ]


def _forecast(seated: Seated) -> str:
    quorum = seated.quorum
    met = "met" if quorum.is_met else "not met so far"
    return f"{quorum.needed} of {count(quorum.filled, 'voting seat')} needed, {quorum.present} expected: {met}"


def _reports(status: Status) -> str:
    if not status.reports:
        return "not asked for yet"
    missing = f", open: {listing(status.missing)}" if status.missing else ""
    return f"{status.reports - len(status.missing)} of {status.reports} received{missing}"


def _items(status: Status) -> str:
    share = percent(status.proactive, status.items)
    if not status.items:
        return "none proposed yet"
    return f"{status.items} proposed, {status.proactive} proactive ({share})"


def _gaps(status: Status) -> list[Element]:
    said = []
    if status.vacant:
        said.append(f"Vacant: {listing(status.vacant)}.")
    if status.unseated:
        said.append(f"On the journey without a seat: {listing(status.unseated)}.")
    if not said:
        return []
    return [Paragraph((f"{' '.join(said)} `{typed('council coverage')}` shows the whole journey.".replace("`", ""),))]


def _buttons(seated: Seated) -> tuple[Button, ...]:
    ids = views.meeting_ids(seated.meeting)
    if call_views.is_over(seated):
        return (Button("Open an item", "agenda.open", ids, opens_form=True),)
    found = [Button("Add an item", "agenda.add", ids, opens_form=True)]
    if seated.has_seat:
        found.append(Button("My attendance", "council.attend", ids))
    report = seated.report
    if report is not None and report.state is not DepartmentReport.State.RECEIVED:
        found.append(Button("Open report", "agenda.report", {"report": str(report.id)}, opens_form=True))
    if seated.meeting.edition:
        found.append(Button("Open an item", "agenda.open", ids, opens_form=True))
    return tuple(found)
