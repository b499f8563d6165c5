"""New items: `/agenda add`, its form, and what comes in after the close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.agenda import assembly, form_views, heading, reply_views, rules, standing
from bot.agenda.origins import must_be_free, source_of
from bot.agenda.rules import Kind, Purpose, State
from bot.agenda.telling import asked_chair, stale
from bot.chat.cards import says
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.forms import Form
from bot.chat.replies import Answer, Replies
from bot.council import standing as council
from bot.council.dates import CLOSE_ITEMS
from bot.council.rules import Reading
from bot.council.standing import Around
from bot.people import handlers as people
from bot.people.rules import first_name
from bot.work import handlers as work
from bot.work.rules import Part
from storage import audit
from storage.agenda import AgendaItem, items_of, newest_edition
from storage.councils import Council
from storage.initiatives import Initiative, initiative_coded
from storage.lineage import internal_origin
from storage.links import End, Link, Thing, link
from storage.meetings import OVER, CouncilMeeting, hold
from storage.people import Department, Person, departments, zone_of
from storage.tx import Tx

KEYS = (
    "council", "item", "for", "mins", "owner", "initiative", "paper", "level", "hurts", "starts", "from",
)  # fmt: skip
_CARRIED = ("from", "initiative")
"""What a form keeps that nobody fills in."""
FLAGS = ("proactive", "reactive", "internal", "customers")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new item is to be."""

    title: str
    section: int
    purpose: Purpose
    minutes: int
    owner: Person
    paper_url: str = ""
    initiative: Initiative | None = None
    level: AgendaItem.Level | None = None
    stance: AgendaItem.Stance | None = None
    internal: bool = False
    is_customers: bool = False
    hurts: Department | None = None
    starts: Department | None = None
    source: End | None = None
    """What it came from."""
    comes_internal: bool = False
    """Nobody said that it is internal, and what it came from is."""


async def add(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/agenda add "title" item:7 for:decision mins:10 owner:@Ann proactive`; bare, the form."""
    command = event.command
    found = await standing.meeting_meant(tx, event.by, command.keys.get("council", ""))
    values = _typed(event)
    if not values.get("title"):
        return Replies(answer=Answer(await form_for(tx, event.by, found, values)))
    draft, errors = await _read(tx, event.by, values)
    if draft is None:
        raise Declined(next(iter(errors.values())))
    return await _added(tx, event.by, found, draft, now)


def _typed(event: Asked) -> dict[str, str]:
    """What a line says, as the form would."""
    command = event.command
    flags = command.words.split() if command.quoted else []
    for each in flags:
        if each.casefold() not in FLAGS:
            raise Declined(reply_views.unknown_flag(each))
    said = {each.casefold() for each in flags}
    values = {"title": next(iter(command.quoted), "") or command.words}
    values |= {key: value for key, value in command.keys.items() if key not in {"council", "owner"}}
    values["owner"] = f"@{command.keys['owner']}" if command.keys.get("owner") else str(event.by.person.id)
    values["stance"] = next((each for each in ("proactive", "reactive") if each in said), "")
    values["marks"] = ",".join(each for each in ("internal", "customers") if each in said)
    return values


async def open_form(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Add an item**, **Add a late item**."""
    found = await standing.meeting_pressed(tx, event)
    _still_to_come(found)
    values = {"owner": str(event.by.person.id)}
    return Replies(answer=Answer(await form_for(tx, event.by, found, values)))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent; with something wrong it comes back as it was filled in."""
    found = await meeting_of(tx, event)
    values = dict(event.values) | {key: value for key, value in event.ids.items() if key in _CARRIED}
    draft, errors = await _read(tx, event.by, values)
    if draft is None:
        several = await council.councils_meant(tx, event.by) if values.get("council") else ()
        form = await form_for(tx, event.by, found, values, several)
        there = {each.id for each in form.inputs}
        shown = {key if key in there else "title": why for key, why in errors.items()}
        return Replies(answer=Answer(form.refused(event.values, shown), refuses=True))
    return await _added(tx, event.by, found, draft, now)


async def meeting_of(tx: Tx, event: Submitted) -> Around:
    """The meeting that a form is for: that of its button, or the next one of the council that was chosen in it.

    Raises: Declined.
    """
    number = event.values.get("council", "")
    if not number.isdecimal():
        return await standing.meeting_pressed(tx, event)
    chosen = next((each for each in await council.councils_meant(tx, event.by) if each.id == int(number)), None)
    found = await council.next_for(tx, work.known(chosen, "that council", "council"), event.by.person)
    await standing.must_belong_here(tx, event.by.person, found)
    return found


async def form_for(  # noqa: PLR0917 - whose form for which meeting, and what stands in it
    tx: Tx, by: By, found: Around, values: Mapping[str, str], several: Sequence[Council] = ()
) -> Form:
    """The form of a new item; where `several` councils could be meant it asks which instead of naming a meeting."""
    ids = {} if len(several) > 1 else {"meeting": str(found.meeting.id)}
    ids |= {key: values[key] for key in _CARRIED if values.get(key)}
    shown = dict(values)
    if not shown.get("owner", "").isdigit():
        shown["owner"] = str(by.person.id)
    outsider = by.person.is_external
    places = () if outsider else await departments(tx)
    late = found.meeting.items_closed and len(several) < 2  # noqa: PLR2004 - of one it is known
    return form_views.add(shown, places, ids=ids, late=late, outsider=outsider, councils=several)


# --- read


async def _read(tx: Tx, by: By, values: Mapping[str, str]) -> tuple[Draft | None, Mapping[str, str]]:
    """What was filled in or typed, or why it is not taken, by input."""
    errors: dict[str, str] = {}
    title, section = " ".join(values.get("title", "").split()), rules.section_of(values.get("item", "") or "7")
    purpose, minutes = _purpose(values.get("for", "")), _minutes(values.get("mins", ""))
    paper = values.get("paper", "").strip()
    checks: tuple[tuple[str, bool, str], ...] = (
        ("title", bool(title), reply_views.title_missing()),
        ("title", len(title) <= rules.TITLE_MAX, reply_views.long_title(len(title))),
        ("item", section is not None, reply_views.not_a_section(values.get("item", ""))),
        ("for", purpose is not None, reply_views.not_a_purpose(values.get("for", ""))),
        ("mins", minutes is not None, _not_minutes(values.get("mins", ""))),
        ("paper", not paper or rules.is_web(paper), reply_views.not_a_link(paper)),
        ("level", values.get("level", "") in {"", *AgendaItem.Level}, reply_views.not_a_level(values.get("level", ""))),
    )
    for key, is_fine, why in checks:
        if not is_fine:
            errors.setdefault(key, why)
    owner = await _owner(tx, by, values.get("owner", ""))
    hurts, starts = await _department(tx, values.get("hurts", "")), await _department(tx, values.get("starts", ""))
    if errors or section is None or purpose is None or minutes is None:
        return None, errors
    marks = {each.strip() for each in values.get("marks", "").split(",")}
    if by.person.is_external and ("internal" in marks or hurts or starts):
        return None, {"title": reply_views.outsiders_may_not("mark an item so")}
    stance, level = values.get("stance", ""), values.get("level", "")
    source = await source_of(tx, by.person, values.get("from", ""))
    comes_internal = source is not None and await internal_origin(tx, source) is not None
    internal = comes_internal or "internal" in marks
    if internal and owner.is_external:
        return None, {"owner": reply_views.owner_outside(first_name(owner))}
    draft = Draft(
        title, section, purpose, minutes, owner, paper,
        await _initiative(tx, by, values.get("initiative", ""), source),
        AgendaItem.Level(level) if level else None,
        AgendaItem.Stance(stance) if stance in set(AgendaItem.Stance) else None,
        internal=internal, is_customers="customers" in marks, hurts=hurts, starts=starts,
        source=source, comes_internal=comes_internal and "internal" not in marks,
    )  # fmt: skip
    return draft, {}


def _purpose(text: str) -> Purpose | None:
    try:
        return Purpose(text.casefold() or Purpose.DISCUSSION.value)
    except ValueError:
        return None


def _minutes(text: str) -> int | None:
    bare = text.strip().casefold().removesuffix("min").removesuffix("mins").strip() or str(rules.USUAL_MIN)
    number = int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= len("999") else 0
    return number if number in rules.ITEM_MINUTES else None


def _not_minutes(text: str) -> str:
    return reply_views.not_minutes(text, rules.ITEM_MINUTES.start, rules.ITEM_MINUTES.stop - 1)


async def _owner(tx: Tx, by: By, value: str) -> Person:
    """Whose item it is: a number of a form, a name of a line, or whoever proposes it."""
    if value.startswith("@"):
        return await work.one_person(tx, by, value.removeprefix("@"))
    return await people.chosen(tx, by.place, value) or by.person


async def _department(tx: Tx, value: str) -> Department | None:
    if not value.strip():
        return None
    every = await departments(tx)
    wanted = value.strip().casefold()
    found = next((each for each in every if wanted in {str(each.id), each.name.casefold()}), None)
    if found is None:
        raise Declined(reply_views.unknown_department(value, [each.name for each in every]), code="E-04")
    return found


async def _initiative(tx: Tx, by: By, code: str, source: End | None) -> Initiative | None:
    """The one that was named, else the one that it came from."""
    if not code:
        return await tx.get(Initiative, source[1]) if source is not None and source[0] is Thing.INITIATIVE else None
    if by.person.is_external:
        raise work.unseen(code)
    return work.known(await initiative_coded(tx, code), code, "initiative")


# --- kept


def _still_to_come(found: Around) -> None:
    """Raises: Declined (E-05) for a meeting that is over or was called off."""
    if found.meeting.state in OVER:
        raise Declined(reply_views.too_late(found.meets_on), code="E-05")
    if found.meeting.state is CouncilMeeting.State.CANCELLED:
        raise Declined(reply_views.is_cancelled(found.council.name, found.meets_on), code="E-05")


async def _added(  # noqa: PLR0917 - who adds what to which agenda
    tx: Tx, by: By, found: Around, draft: Draft, now: datetime
) -> Replies:
    await hold(tx, found.meeting)
    _still_to_come(found)
    if draft.source is not None:
        await must_be_free(tx, draft.source)
    item = await kept(tx, found, draft)
    note = reply_views.internal_too() if draft.comes_internal else ""
    if not found.meeting.items_closed:
        agenda = await assembly.assembled(tx, found, now, reading=Reading.FULL)
        card = says(reply_views.added(item, agenda) + note + _which(found))
        return Replies(answer=Answer(card), refresh=stale(found), undoable=True)
    item.is_late = True
    if Part.CHAIR in await council.parts_of(tx, by.person, found):
        return await _by_the_chair(tx, found, item, note, now)
    item.state = State.LATE_PENDING
    audit.note(tx, (Thing.AGENDA_ITEM, item.id), "late", before=State.SUBMITTED.value, after=item.state.value)
    await tx.flush()
    _, following = await heading.following_of(tx, found)
    chair = await tx.get(Person, found.chair_id) if found.chair_id else None
    words = reply_views.late(
        found.meets_on,
        await _closed_at(tx, found, now),
        (found.zone, zone_of(by.person)),
        chair=first_name(chair) if chair else "",
        following=following,
    )
    show = asked_chair(item, chair) if chair is not None else ()
    return Replies(answer=Answer(says(words + note)), show=show, refresh=stale(found), undoable=True)


def _which(found: Around) -> str:
    """A special meeting is not the one that everybody has in mind, so its day is named."""
    is_special = found.meeting.kind is CouncilMeeting.Kind.SPECIAL
    return reply_views.for_special(found.meets_on) if is_special else ""


async def _closed_at(tx: Tx, found: Around, now: datetime) -> datetime | None:
    """When items were closed: on the day that was planned, or when the agenda came out before that."""
    planned = found.meeting.steps.get(CLOSE_ITEMS)
    if planned and datetime.fromisoformat(planned) <= now:
        return datetime.fromisoformat(planned)
    edition = await newest_edition(tx, found.meeting.id)
    return edition.published_at if edition is not None else None


async def _by_the_chair(  # noqa: PLR0917 - which item on which agenda, and what else is said
    tx: Tx, found: Around, item: AgendaItem, note: str, now: datetime
) -> Replies:
    """The chair's own late item needs nobody's leave."""
    item.state = State.PUBLISHED if found.meeting.edition else State.ACCEPTED
    audit.note(tx, (Thing.AGENDA_ITEM, item.id), "admit", before=State.SUBMITTED.value, after=item.state.value)
    await tx.flush()
    agenda = await assembly.assembled(tx, found, now, reading=Reading.FULL)
    return Replies(answer=Answer(says(reply_views.added(item, agenda) + note)), refresh=stale(found), undoable=True)


async def kept(tx: Tx, found: Around, draft: Draft) -> AgendaItem:
    """The row of a new item, with a number that nothing else in its section has; the meeting is held before."""
    rows = await items_of(tx, found.meeting.id)
    item = AgendaItem(
        council_id=found.council.id,
        meeting_id=found.meeting.id,
        section=draft.section,
        seq=rules.next_seq(rows, draft.section),
        kind=Kind.ITEM,
        title=draft.title,
        purpose=draft.purpose,
        minutes=draft.minutes,
        owner_id=draft.owner.id,
        stance=draft.stance,
        level=draft.level,
        is_customers=draft.is_customers,
        internal=draft.internal,
        paper_url=draft.paper_url,
        initiative_id=draft.initiative.id if draft.initiative else None,
        hurts_id=draft.hurts.id if draft.hurts else None,
        starts_id=draft.starts.id if draft.starts else None,
    )
    tx.add(item)
    await tx.flush()
    audit.note(tx, (Thing.AGENDA_ITEM, item.id), "add", after=item.state.value)
    if draft.source is not None:
        await link(tx, draft.source, (Thing.AGENDA_ITEM, item.id), Link.Kind.LED_TO)
    if draft.initiative is not None:
        await link(tx, (Thing.INITIATIVE, draft.initiative.id), (Thing.AGENDA_ITEM, item.id), Link.Kind.LED_TO)
    await tx.flush()
    return item
