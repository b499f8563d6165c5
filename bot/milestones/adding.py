"""New milestones, and what they wait for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, or_, select

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Submitted, row_number
from bot.chat.replies import Answer, Replies, Show
from bot.milestones import doing, form_views, pushing, reply_views, rules, standing, telling
from bot.milestones.doing import Step
from bot.milestones.form_views import AFTER, DAYS, DUE, INITIATIVE, OWNER, PHASE, TITLE
from bot.milestones.moving import day_off
from bot.people import handlers as people
from bot.people.rules import first_name
from bot.work import handlers as work
from bot.work.graph import closing_path
from bot.work.rules import Part, day_in
from bot.work.views import only
from storage import audit
from storage.audit import newest
from storage.initiatives import Dependency, Initiative, Milestone, Phase, initiative_coded, phases_of
from storage.links import Thing, link
from storage.messages import Lane
from storage.milestones import THING, alone_with_dependencies, edges_at, following, is_agreed, milestones_in
from storage.organisations import next_code
from storage.people import Account, Person, Role, roles_of
from storage.teams import leads_any
from storage.tx import Tx

OFF = "off"
CHOICES_MOST = 100  # initiatives in the form


@dataclass(frozen=True, slots=True)
class New:
    """A milestone as it was asked for, read and checked."""

    title: str
    initiative: Initiative
    due: date
    owner: Person
    phase: Phase | None = None
    after: Milestone | None = None
    days: int = 0


async def add(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/milestones add I-1 "Script live" due:18 Dec owner:@Ann`; what is missing is asked in a form."""
    command = event.command
    code = next((each for each in command.codes if each.startswith("I-")), "")
    initiative = work.known(await initiative_coded(tx, code), code, "initiative") if code else None
    if initiative is not None:
        await _allowed(tx, initiative, event.by.person)
    due = await _day(tx, event, now)
    name = command.keys.get(OWNER, "") or next(iter(command.people), "")
    owner = await work.one_person(tx, event.by, name) if name else None
    after = command.keys.get(AFTER, "") or next((each for each in command.codes if each.startswith("M-")), "")
    if not command.title or initiative is None or due is None or owner is None:
        values = {
            TITLE: command.title,
            INITIATIVE: str(initiative.id) if initiative else "",
            DUE: due.isoformat() if due else "",
            OWNER: await _account(tx, event.by, owner),
            PHASE: command.keys.get(PHASE, ""),
            AFTER: after,
            DAYS: command.keys.get(DAYS, ""),
        }
        return Replies(answer=Answer(form_views.add(await _choices(tx, event.by.person), values)))
    new = New(
        work.at_most(rules.TITLE_MAX, command.title, "That title"),
        initiative,
        due,
        owner,
        phase=await _phase(tx, initiative, command.keys.get(PHASE, "")),
        after=await doing.of_code(tx, event.by, after) if after else None,
        days=_days(command.keys.get(DAYS, "")),
    )
    return await _stored(tx, event.by, new, now)


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    values = event.values
    initiative = await tx.get(Initiative, row_number(values.get(INITIATIVE, "")))
    owner = await people.chosen(tx, event.by.place, values.get(OWNER, ""))
    title, due = values.get(TITLE, "").strip(), day_in(values.get(DUE, ""))
    checks = {
        TITLE: (bool(title), form_views.NEEDS_TITLE),
        INITIATIVE: (initiative is not None, form_views.NEEDS_INITIATIVE),
        DUE: (due is not None, form_views.NEEDS_DATE),
        OWNER: (owner is not None and owner.active, form_views.NEEDS_OWNER),
    }
    errors = {name: why for name, (fine, why) in checks.items() if not fine}
    if errors or initiative is None or due is None or owner is None:
        form = form_views.add(await _choices(tx, event.by.person), {})
        return Replies(answer=Answer(form.refused(await _as_typed(tx, event, owner), errors)))
    await _allowed(tx, initiative, event.by.person)
    after = values.get(AFTER, "").strip()
    new = New(
        work.at_most(rules.TITLE_MAX, title, "That title"),
        initiative,
        due,
        owner,
        phase=await _phase(tx, initiative, values.get(PHASE, "").strip()),
        after=await doing.of_code(tx, event.by, after) if after else None,
        days=_days(values.get(DAYS, "")),
    )
    return await _stored(tx, event.by, new, now)


async def _as_typed(tx: Tx, event: Submitted, owner: Person | None) -> Mapping[str, str]:
    """What was sent, with the person as the platform knows them."""
    return {**event.values, OWNER: await _account(tx, event.by, owner)}


async def _account(tx: Tx, by: By, person: Person | None) -> str:
    """What a person is called on the platform of the one who asks."""
    if person is None:
        return ""
    found = select(Account.external_id).where(Account.person_id == person.id, Account.install_id == by.place.install_id)
    return await tx.first(found) or ""


async def _day(tx: Tx, event: Asked, now: datetime) -> date | None:
    text = event.command.keys.get(DUE, "")
    if text:
        return await work.day_meant(tx, event.by, text, now, line=event.command.text)
    return event.command.dates[0] if event.command.dates else None


def _days(text: str) -> int:
    days = rules.days_of(text) if text.strip() else 0
    if days is None:
        raise Declined(reply_views.not_days(text))
    return days


async def _phase(tx: Tx, initiative: Initiative, name: str) -> Phase | None:
    if not name:
        return None
    return phase_named(initiative, await phases_of(tx, initiative.id), name)


def phase_named(initiative: Initiative, phases: Collection[Phase], name: str) -> Phase:
    """The phase of that name, in any case. Raises: Declined (E-04) naming those that there are."""
    found = next((each for each in phases if each.name.casefold() == name.casefold()), None)
    if found is None:
        raise Declined(reply_views.no_phase(name, initiative, [each.name for each in phases]), code="E-04")
    return found


async def _allowed(tx: Tx, initiative: Initiative, person: Person) -> None:
    """Raises: Declined (E-04, E-05, E-03)."""
    if not await standing.may_see_initiative(tx, person, initiative):
        raise work.unseen(initiative.code)
    if initiative.state in rules.OVER:
        raise Declined(reply_views.initiative_over(initiative), code="E-05")
    if not await standing.may_add(tx, initiative, person):
        raise Declined(only((Part.OWNER, Part.SPONSOR, Part.LEAD), initiative.code), code="E-03")


async def _choices(tx: Tx, person: Person) -> list[Initiative]:
    """The initiatives that somebody may give a milestone. Raises: Declined (E-03) where there is none."""
    query = select(Initiative).where(col(Initiative.state).not_in(rules.OVER))
    if Role.Kind.ADMIN not in await roles_of(tx, person) and not await leads_any(tx, person):
        query = query.where(or_(Initiative.owner_id == person.id, Initiative.sponsor_id == person.id))
    found = list(await tx.all(query.order_by(col(Initiative.id).desc()).limit(CHOICES_MOST)))
    if not found:
        raise Declined(reply_views.no_initiative(), code="E-03")
    return found


async def _stored(tx: Tx, by: By, new: New, now: datetime) -> Replies:
    if new.due < standing.today_of(by.person, now):
        raise Declined(reply_views.in_the_past(new.due), code="E-06")
    milestone = Milestone(
        code=await next_code(tx, "M"),
        initiative_id=new.initiative.id,
        phase_id=new.phase.id if new.phase else None,
        title=new.title,
        owner_id=new.owner.id,
        baseline_on=new.due if await is_agreed(tx, new.initiative.id) else None,
        forecast_on=new.due,
        duration_days=new.days,
    )
    tx.add(milestone)
    await tx.flush()
    audit.note(tx, (Thing.MILESTONE, milestone.id), "add", after=milestone.state.value)
    await link(tx, (Thing.INITIATIVE, new.initiative.id), (Thing.MILESTONE, milestone.id))
    pushed = pushing.Pushed()
    if new.after is not None:
        tx.add(Dependency(thing=THING, from_id=new.after.id, to_id=milestone.id))
        pushed = await pushing.push(tx, new.after, but=new.after.id)
    notes = await day_off(tx, new.owner.id, new.due)
    card = reply_views.added(milestone, new.initiative, first_name(new.owner), notes=notes, pushed=pushed.milestones)
    told = Replies(answer=Answer(card), show=await _told(tx, milestone, new.owner, by), undoable=True)
    return pushed.replies + told


async def _told(tx: Tx, milestone: Milestone, owner: Person, by: By) -> tuple[Show, ...]:
    """Its owner hears that it is theirs."""
    if owner.id == by.person.id:
        return ()
    await tx.flush()
    entries = await newest(tx, (Thing.MILESTONE, milestone.id), 2)
    entry = next(each for each in entries if each.verb == "add")
    ids = {"milestone": milestone.id, "entry": entry.id}
    return (Show(f"milestone:{milestone.id}:news:{entry.id}", owner, telling.NEWS, ids, Lane.Traffic.REPLY),)


# --- dependencies


async def after(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/milestones after M-32 M-31 [lag:2]`: M-32 waits for M-31. What would close a circle never enters."""
    codes = [each for each in event.command.codes if each.startswith("M-")]
    if len(codes) != 2:  # noqa: PLR2004 - which one, and for which
        raise Declined(reply_views.two_codes())
    await alone_with_dependencies(tx)
    waiting, before = [await doing.of_code(tx, event.by, each) for each in codes]
    going = await doing.step(tx, event.by, waiting, "after", now=now)
    if event.command.words.casefold() == OFF:
        return await _no_more(going, before)
    lag = _days(event.command.keys.get("lag", ""))
    await _refuse_circle(tx, before, waiting)
    known = next((each for each in await edges_at(tx, waiting.id) if each.from_id == before.id), None)
    if known is not None and known.lag_days == lag:
        raise Declined(reply_views.waits_already(waiting, before))
    going.note("waits_for", "" if known is None else f"{before.code} lag {known.lag_days}", before.code)
    if known is None:
        tx.add(Dependency(thing=THING, from_id=before.id, to_id=waiting.id, lag_days=lag))
    else:
        known.lag_days = lag
    replies = await telling.followed(tx, waiting, event.by.person)
    pushed = await pushing.push(tx, before, but=before.id)
    card = reply_views.waits(waiting, before, lag, pushed=pushed.milestones, owners=pushed.owners)
    return replies + pushed.replies + Replies(answer=Answer(card), undoable=True)


async def _no_more(going: Step, before: Milestone) -> Replies:
    """M-32 does not wait for M-31 any more. Raises: Declined where it never did."""
    tx, waiting = going.tx, going.milestone
    known = next((each for each in await edges_at(tx, waiting.id) if each.from_id == before.id), None)
    if known is None:
        raise Declined(reply_views.waits_not(waiting, before))
    going.note("waits_for", f"{before.code} lag {known.lag_days}", f"{before.code} no more")
    await tx.session.delete(known)
    replies = await telling.followed(tx, waiting, going.by.person)
    pushed = await pushing.push(tx, waiting)
    card = reply_views.waits_no_more(waiting, before, pushed=pushed.milestones, owners=pushed.owners)
    return replies + pushed.replies + Replies(answer=Answer(card), undoable=True)


async def _refuse_circle(tx: Tx, before: Milestone, waiting: Milestone) -> None:
    """Raises: Declined with the path that the edge would close."""
    _, edges = await following(tx, [waiting.id])
    path = closing_path({(each.from_id, each.to_id) for each in edges}, before.id, waiting.id)
    if path is not None:
        names = await milestones_in(tx, path)
        raise Declined(reply_views.circle([names[each] for each in path]), code="E-05")
