"""`/milestones ask`: the owner is asked how it stands, and the answer comes back to the one who asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.replies import Answer, Replies, Show
from bot.milestones import (
    claiming,
    doing,
    form_views,
    message_views,
    moving,
    pages,
    reply_views,
    rules,
    standing,
    telling,
)
from bot.milestones.rules import State
from bot.people.rules import away, first_name
from bot.work import handlers as work
from storage import audit
from storage.initiatives import Milestone, MilestoneAsk, initiative_coded
from storage.links import Thing
from storage.messages import Lane
from storage.milestones import Wanted, listed, open_asks
from storage.people import Account, Person, absences, zone_of
from storage.tx import Tx

LOOKED_AT = 200  # open milestones of one question; of each owner ASKED_MOST are asked about


async def ask(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/milestones ask I-4`, `@Ann`, `M-31`."""
    await _allowed(tx, event.by)
    command = event.command
    coded = [await doing.of_code(tx, event.by, each) for each in command.codes if each[0] == "M"]
    if coded:
        return await _asked(tx, event.by, coded, now, named=True)
    code, name = next(iter(command.codes), ""), next(iter(command.people), "")
    if not code and not name:
        raise Declined(reply_views.whom_to_ask())
    initiative = work.known(await initiative_coded(tx, code), code, "initiative") if code else None
    owner = await work.one_person(tx, event.by, name) if name else None
    wanted = Wanted(initiative_id=initiative.id if initiative else None, owner_id=owner.id if owner else None)
    return await _asked(tx, event.by, await _open(tx, wanted, event.by, now), now)


async def ask_listed(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Ask for an update** under a list."""
    await _allowed(tx, event.by)
    wanted = pages.wanted_of(event.ids, event.by.person)
    return await _asked(tx, event.by, await _open(tx, wanted, event.by, now), now)


async def _allowed(tx: Tx, by: By) -> None:
    if not await standing.may_ask(tx, by.person):
        raise Declined(reply_views.only_leads(), code="E-03")


async def _open(tx: Tx, wanted: Wanted, by: By, now: datetime) -> Sequence[Milestone]:
    today = standing.today_of(by.person, now)
    return await listed(tx, wanted, today, today, offset=0, most=LOOKED_AT)


@dataclass(slots=True)
class _Round:
    """Who is asked about what, and what is to be said beside it."""

    asks: list[MilestoneAsk] = field(default_factory=list)
    sent: dict[str, list[Milestone]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


async def _asked(tx: Tx, by: By, milestones: Sequence[Milestone], now: datetime, *, named: bool = False) -> Replies:
    """Each owner is asked about up to ASKED_MOST of theirs, a message for each, and about none of them twice."""
    going = _Round()
    if named:
        going.notes += [_why_not(each, by) for each in milestones if _why_not(each, by)]
    wanted = [each for each in milestones if each.state is State.PLANNED and each.owner_id not in {None, by.person.id}]
    whom = await _who_answers(tx, going, wanted, by)
    people = {each.id: each for each in whom.values()}
    asks = await open_asks(tx, [each.id for each in wanted])
    before = {each.milestone_id for each in asks if each.asked_by == by.person.id}
    reachable = set(await tx.all(select(Account.person_id).where(col(Account.person_id).in_(people))))
    for person in people.values():
        theirs = [each for each in wanted if each.id in whom and whom[each.id].id == person.id]
        _ask_one(going, person, theirs, by, before=before, is_reachable=person.id in reachable, now=now)
    tx.add(*going.asks)
    await tx.flush()
    going.notes += await _away(tx, [people[each.owner_id] for each in going.asks], now)
    show = tuple(
        Show(f"milestone:ask:{each.id}", people[each.owner_id], telling.ASK, {"ask": each.id}, Lane.Traffic.REPLY)
        for each in going.asks
    )
    card = reply_views.asked([*going.sent.items()], notes=going.notes)
    return Replies(answer=Answer(card, stays=True), show=show, undoable=bool(show))


async def _who_answers(tx: Tx, going: _Round, wanted: Sequence[Milestone], by: By) -> Mapping[int, Person]:
    """The owner of each; its lead where the owner left, and that is told; nobody where there is no other one."""
    owners = await standing.people_in(tx, {each.owner_id for each in wanted})
    orphans = [each for each in wanted if each.owner_id in owners and not owners[each.owner_id].active]
    leads = await standing.leads_in(tx, orphans)
    whom = {each.id: owners[each.owner_id] for each in wanted if each.owner_id in owners and each not in orphans}
    for left in {each.owner_id for each in orphans}:
        theirs = [each for each in orphans if each.owner_id == left]
        name = first_name(owners[left or 0])
        for lead in {leads[each.id].id: leads[each.id] for each in theirs if each.id in leads}.values():
            led = [each for each in theirs if each.id in leads and leads[each.id].id == lead.id]
            if lead.id != by.person.id:
                whom |= dict.fromkeys((each.id for each in led), lead)
                going.notes.append(reply_views.owner_left(name, [each.code for each in led], first_name(lead)))
        nobody = [each.code for each in theirs if each.id not in whom]
        going.notes += [reply_views.owner_left(name, nobody)] if nobody else []
    return whom


def _why_not(milestone: Milestone, by: By) -> str:
    """Why nobody can be asked about one that was named; empty where somebody can."""
    if milestone.state is not State.PLANNED:
        return reply_views.closed_question(milestone, reply_views.stands(milestone))
    if milestone.owner_id is None:
        return reply_views.has_no_owner(milestone)
    return reply_views.your_own(milestone) if milestone.owner_id == by.person.id else ""


def _ask_one(
    going: _Round,
    owner: Person,
    theirs: Sequence[Milestone],
    by: By,
    *,
    before: set[int],
    is_reachable: bool,
    now: datetime,
) -> None:
    name = first_name(owner)
    if not is_reachable:
        going.notes.append(reply_views.unreachable(name))
        return
    waiting = [each.code for each in theirs if each.id in before]
    going.notes += [reply_views.asked_before(name, waiting)] if waiting else []
    fresh = [each for each in theirs if each.id not in before]
    going.notes += [reply_views.not_all(name, len(fresh) - rules.ASKED_MOST)] if len(fresh) > rules.ASKED_MOST else []
    chosen = fresh[: rules.ASKED_MOST]
    if chosen:
        going.sent[name] = going.sent.get(name, []) + chosen
    going.asks += [
        MilestoneAsk(milestone_id=each.id, asked_by=by.person.id, owner_id=owner.id, asked_at=now) for each in chosen
    ]


async def _away(tx: Tx, owners: Iterable[Person], now: datetime) -> list[str]:
    """Who is away, and until when."""
    asked = {each.id: each for each in owners}
    if not asked:
        return []
    days = {each.id: standing.today_of(each, now) for each in asked.values()}
    found = await absences(tx, [*asked], min(days.values()), max(days.values()))
    notes = []
    for number, owner in asked.items():
        absence = away(found, number, days[number])
        notes += [reply_views.is_away(first_name(owner), absence.to_on)] if absence is not None else []
    return notes


# --- the answer


async def on_track(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**On track**."""
    question, milestone = await _waiting(tx, event)
    if (newer := await _newer(tx, event, question, milestone)) is not None:
        return newer
    audit.note(tx, (Thing.MILESTONE, milestone.id), "on_track", field="answer")
    asker = await tx.need(Person, question.asked_by)
    told = await telling.answered(tx, milestone, MilestoneAsk.Answer.ON_TRACK, by=event.by.person, now=now)
    return told + Replies(answer=Answer(reply_views.answer_sent(milestone, first_name(asker))), undoable=True)


async def open_late(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Late, new date**: the form."""
    question, milestone = await _waiting(tx, event)
    if (newer := await _newer(tx, event, question, milestone)) is not None:
        return newer
    await doing.step(tx, event.by, milestone, "move", now=now)
    return Replies(answer=Answer(form_views.late(milestone, question.id, {})))


async def take_late(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The new date goes back to the one who asked."""
    question, milestone = await _waiting(tx, event)
    await doing.meant(tx, event)
    on, errors = moving.read_form(event)
    if on is None or errors:
        return Replies(answer=Answer(form_views.late(milestone, question.id, {}).refused(event.values, errors)))
    return await moving.to(tx, event.by, milestone, on, reason=doing.reason_in(event), now=now)


async def open_done(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Done**: the form."""
    question, milestone = await _waiting(tx, event)
    if (newer := await _newer(tx, event, question, milestone)) is not None:
        return newer
    await doing.step(tx, event.by, milestone, "done", now=now)
    return Replies(answer=Answer(form_views.done(milestone, {}, ask_id=question.id)))


async def take_done(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The evidence, from the form under a question or from its own."""
    if event.number("ask"):
        await _waiting(tx, event)
    return await claiming.take_form(event, tx, now)


async def _newer(tx: Tx, event: Pressed, question: MilestoneAsk, milestone: Milestone) -> Replies | None:
    """E-20: somebody else changed it since that question was shown, and this is the question of now."""
    person = event.by.person
    if await doing.changed_by(tx, milestone, since=event.number("read"), but=person) is None:
        return None
    today = standing.today_of(person, tx.acting.now)
    asker = await tx.need(Person, question.asked_by)
    card = message_views.asked(await standing.one(tx, milestone, today), question, first_name(asker), today)
    return Replies(answer=Answer(message_views.newer(card, milestone)))


async def _waiting(tx: Tx, event: Pressed | Submitted) -> tuple[MilestoneAsk, Milestone]:
    """A question that still waits for this person. Raises: Declined, kindly."""
    question = work.known(await tx.get(MilestoneAsk, event.number("ask")), "that question", "question")
    milestone = await tx.need(Milestone, question.milestone_id)
    person = event.by.person
    if question.answer is not None:
        words = reply_views.answered_before(milestone, question, zone_of(person))
        raise Declined(words, code="E-05")
    if milestone.state is not State.PLANNED:
        raise Declined(reply_views.closed_question(milestone, reply_views.stands(milestone)), code="E-05")
    answers = question.owner_id if await standing.is_unowned(tx, milestone) else milestone.owner_id
    if person.id != answers:
        owner = await tx.get(Person, answers or 0)
        raise Declined(reply_views.not_for_you(first_name(owner) if owner else "its owner"), code="E-03")
    return question, milestone
