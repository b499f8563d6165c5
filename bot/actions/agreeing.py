"""The promise itself: taking on, handing over, another date, calling off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from bot.actions import form_views, reply_views, rules, standing, telling
from bot.actions.freeing import let_go
from bot.actions.outside import leaving
from bot.actions.rules import MOVES, State
from bot.actions.views import Around
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted, row_number
from bot.chat.replies import Answer, Replies
from bot.people import handlers as people
from bot.people.rules import first_name
from bot.work import handlers as work
from bot.work.rules import Move, day_in
from bot.work.views import REASON_MAX, needs_reason
from storage import audit
from storage.actions import Action, action_coded
from storage.links import Thing
from storage.people import Person
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody is about to do something to an action: it is legal, they may, and nobody was faster."""

    tx: Tx
    by: By
    action: Action
    move: Move[State]
    now: datetime

    @property
    def end(self) -> tuple[Thing, int]:
        """The action as the end of a link."""
        return Thing.ACTION, self.action.id

    def to_target(self, *, reason: str = "") -> None:
        """Moves it where the table says, and writes that down."""
        before = self.action.state
        if self.move.target is not None:
            self.action.state = self.move.target
        audit.note(self.tx, self.end, self.move.verb, before=before.value, after=self.action.state.value, reason=reason)

    async def around(self) -> Around:
        """The action as it is now."""
        await self.tx.flush()
        return await standing.around(self.tx, self.action)


async def step(tx: Tx, by: By, action: Action, verb: str, *, now: datetime, when: str = "") -> Step:
    """Raises: Declined (E-05, E-03, E-20) when it can't be done, by this person, now. `when` chooses among moves."""
    parts = await standing.parts_of(tx, action, by.person, now)

    async def stands() -> str:
        return reply_views.stands(await standing.around(tx, action), standing.today_of(by.person, now))

    await work.not_overtaken(tx, (Thing.ACTION, action.id), action, code=action.code, now=stands)
    conditions = {when, rules.FREE if action.owner_id is None else ""}
    moves = work.legal(MOVES, verb, action.state, code=action.code, parts=parts)
    moves = [move for move in moves if not move.when or move.when in conditions] or moves
    move = work.permitted(moves, parts, code=action.code)
    return Step(tx, by, action, move, now)


async def coded(tx: Tx, event: Asked) -> Action:
    """The action that a command names. Raises: Declined (E-04)."""
    code = next(iter(event.command.codes), "")
    action = work.known(await action_coded(tx, code) if code else None, code, "action")
    return await _seen(tx, event.by.person, action)


async def pressed(tx: Tx, event: Pressed | Submitted) -> Action:
    """The action that a button or form is about. Raises: Declined (E-04)."""
    which = row_number(event.values.get(form_views.WHICH, "")) if isinstance(event, Submitted) else 0
    action = work.known(await tx.get(Action, event.number("action") or which), "that action", "action")
    return await _seen(tx, event.by.person, action)


async def _seen(tx: Tx, person: Person, action: Action) -> Action:
    """Raises: Declined (E-04) for people of other companies where it is none of theirs."""
    if not await standing.may_see(tx, action, person):
        raise work.unseen(action.code)
    return action


async def mine(tx: Tx, person: Person) -> list[Action]:
    """What a person has to do, for a form that asks which."""
    states = (State.PROPOSED, State.OPEN, State.IN_PROGRESS, State.BLOCKED)
    query = select(Action).where(Action.owner_id == person.id, col(Action.state).in_(states))
    return list(await tx.all(query.order_by(col(Action.due_on), col(Action.id)).limit(100)))


# --- taking on


async def accept(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """`/action accept A-104`, **Accept**: the owner takes it on, or a second person accepts that it is done."""
    action = await (coded(tx, event) if isinstance(event, Asked) else pressed(tx, event))
    going = await step(tx, event.by, action, "accept", now=now)
    if action.state is State.PROPOSED:
        return await _agreed(going)
    going.to_target()
    action.accepted_by, action.closed_at = event.by.person.id, now
    around = await going.around()
    told = await telling.followed(tx, around, reply_views.checked(around), by=event.by.person, now=now)
    return told + await telling.again(tx, around, now)


async def take(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """**I can help**, **I'll take it**: who presses first has it."""
    action = await (coded(tx, event) if isinstance(event, Asked) else pressed(tx, event))
    is_taken = action.state is State.PROPOSED or (action.kind is Action.Kind.HELP and not rules.is_closed(action))
    if is_taken and action.owner_id is not None:
        raise Declined(reply_views.has_owner(await standing.around(tx, action)), code="E-05")
    going = await step(tx, event.by, action, "take", now=now)
    action.owner_id = event.by.person.id
    return await _agreed(going)


async def _agreed(going: Step) -> Replies:
    """It has an owner who said yes; from here on its first date is a promise."""
    action = going.action
    if action.due_on is None and action.kind is Action.Kind.HELP:
        works = await standing.works_of(going.tx, going.by.person)
        action.due_on = rules.nth_working_day(standing.today_of(going.by.person, going.now), rules.HELP_DAYS, works)
    if action.due_on is None:
        raise Declined(reply_views.needs(action), code="E-07")
    if action.first_due_on is None and action.due_on < standing.today_of(going.by.person, going.now):
        return Replies(
            answer=Answer(form_views.redate([action], {}, over=True))
        )  # nobody can promise a day that is over
    promised(action)
    going.to_target()
    around = await going.around()
    card = reply_views.accepted(around)
    return await telling.followed(going.tx, around, card, by=going.by.person, now=going.now)


def promised(action: Action) -> None:
    """The date first promised never changes."""
    if action.first_due_on is None:
        action.first_due_on = action.due_on


async def reject(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """**Not me**, and `/action reject` of what is said to be done."""
    action = await (coded(tx, event) if isinstance(event, Asked) else pressed(tx, event))
    reason = event.command.title if isinstance(event, Asked) else ""
    if action.state is State.DONE_CLAIMED:
        return await refuse(tx, event.by, action, reason, now=now)
    going = await step(tx, event.by, action, "reject", now=now)
    before = await standing.around(tx, action)
    giver = await _giver(tx, action)
    going.to_target(reason=work.at_most(REASON_MAX, reason, "That reason"))
    action.owner_id = None
    around = await going.around()
    card = reply_views.not_theirs(before, asker_is_you=action.requester_id == event.by.person.id)
    return await telling.followed(
        tx, around, card, by=event.by.person, now=now, was_owner=before.owner, also=[giver] if giver else []
    )


async def _giver(tx: Tx, action: Action) -> Person | None:
    """Who handed it over last: when the next one says no, they have to know."""
    for entry in await audit.newest(tx, (Thing.ACTION, action.id), 10):
        if entry.verb == "assign" and entry.by is not None:
            return await tx.get(Person, entry.by)
    return None


async def refuse(tx: Tx, by: By, action: Action, reason: str, *, now: datetime) -> Replies:
    """**Not yet**: it is in progress again. Raises: Declined without a reason."""
    going = await step(tx, by, action, "reject", now=now)
    if not reason.strip():
        raise Declined(needs_reason(action.code, f'/action reject {action.code} "8 calls to go"'))
    going.to_target(reason=work.at_most(REASON_MAX, reason.strip(), "That reason"))
    action.finished_on = None
    around = await going.around()
    return await telling.followed(tx, around, reply_views.not_yet(around), by=by.person, now=now)


# --- handing over


async def assign(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/action assign A-104 @Zoe [why]`: by the lead it is Zoe's at once, by anybody else she is asked."""
    action = await coded(tx, event)
    name = next(iter(event.command.people), "")
    if not name:
        raise Declined(reply_views.whom(action))
    person, reason = await work.one_person(tx, event.by, name), event.command.title
    going = await step(tx, event.by, action, "assign", now=now)
    leaves = await leaving(tx, going.end, person, by=event.by.person) if person.id != action.owner_id else None
    if leaves is not None:
        values = {"owner": str(person.id), form_views.WHY: reason}
        form = form_views.read_outside(form_views.hand_over(action), values, person, leaves)
        return Replies(answer=Answer(form))
    return await hand_over(tx, event.by, action, person, reason=reason, now=now)


async def take_assign(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """**Send anyway** of what is handed over to somebody outside; another one may have been chosen instead."""
    action = await pressed(tx, event)
    form, person = form_views.hand_over(action), await people.chosen(tx, event.by.place, event.values.get("owner", ""))
    if person is None:
        why = {"owner": form_views.can_not_be_asked()}
        return Replies(answer=Answer(form.refused(event.values, why), refuses=True))
    leaves = await leaving(tx, (Thing.ACTION, action.id), person, by=event.by.person)
    if leaves is not None and event.number(form_views.OUTSIDE) != person.id:
        form = form_views.read_outside(form, event.values, person, leaves)
        return Replies(answer=Answer(form, refuses=True))
    reason = event.values.get(form_views.WHY, "").strip()
    return await hand_over(tx, event.by, action, person, reason=reason, now=now)


async def hand_over(
    tx: Tx, by: By, action: Action, person: Person, *, reason: str, now: datetime, asks: bool = False
) -> Replies:
    """Another owner; `asks` says that they are asked also where a lead hands it over. Raises: Declined."""
    going = await step(tx, by, action, "assign", now=now)
    if person.id == action.owner_id:
        raise Declined(reply_views.same_owner(await standing.around(tx, action)))
    # Who takes it themselves has said yes; without a date nobody can have promised anything.
    is_agreed = (going.move.target is State.OPEN and not asks) or person.id == by.person.id
    is_agreed = is_agreed and action.due_on is not None
    before = action.owner_id
    was_owner = await tx.get(Person, before) if before else None
    action.owner_id, action.blocker_id = person.id, None
    action.state = State.OPEN if is_agreed else State.PROPOSED
    if is_agreed:
        promised(action)
    audit.note(
        tx, going.end, "assign", field="owner_id", before=await _name(tx, before), after=first_name(person),
        reason=work.at_most(REASON_MAX, reason, "That reason"),
    )  # fmt: skip
    leaves = await leaving(tx, going.end, person, by=by.person)
    also = [was_owner, leaves.hears if leaves is not None else None]
    around = await going.around()
    card = reply_views.given(around, first_name(person))
    told = await telling.followed(
        tx, around, card, by=by.person, now=now, tell=(telling.REQUESTER,), was_owner=was_owner, also=also
    )
    # Who is asked gets the whole card; who had it before reads it on theirs.
    return told + Replies(show=telling.asked(action, [person]) if person.id != by.person.id else ())


async def _name(tx: Tx, person_id: int | None) -> str:
    return "" if person_id is None else first_name(await tx.need(Person, person_id))


# --- another date


async def chosen(tx: Tx, event: Pressed, verb: str, now: datetime) -> Sequence[Action]:
    """What a form is about: the action of a button, where the verb is legal and theirs, or all that a person has."""
    if event.number("action"):
        action = await pressed(tx, event)
        await step(tx, event.by, action, verb, now=now, when=rules.CHECKED if action.done_when else rules.UNCHECKED)
        return [action]
    actions = await mine(tx, event.by.person)
    if not actions:
        raise Declined(reply_views.nothing_to_do())
    return actions


async def ask_date(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**New date**: the form."""
    actions = await chosen(tx, event, "due", now)
    return Replies(answer=Answer(form_views.redate(actions, {}, since=await audit.newest_id(tx))))


async def due(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/action due A-104 fri reason:"waiting for parts"`."""
    action = await coded(tx, event)
    command = event.command
    reason = command.keys.get("reason", "") or command.title
    if not command.dates:
        form = form_views.redate([action], {form_views.WHY: reason}, since=await audit.newest_id(tx))
        return Replies(answer=Answer(form))
    return await redate(tx, event.by, action, command.dates[0], reason=reason, now=now)


async def take_date(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form of a new date."""
    action = await pressed(tx, event)
    await step(tx, event.by, action, "due", now=now)
    value = event.values.get("due", "")
    on = day_in(value)
    reason = event.values.get(form_views.WHY, "").strip()
    today = standing.today_of(event.by.person, now)
    errors = {}
    if on is None or on < today:
        errors["due"] = form_views.in_the_past(value)
    elif on == action.due_on:
        errors["due"] = form_views.same_date(action)
    if not reason and action.first_due_on is not None:
        errors[form_views.WHY] = form_views.please_write()
    if not errors and (faster := await _faster(tx, event, action, now)):
        errors["due"] = faster
    if errors or on is None:
        form = form_views.redate([action], {}, since=await audit.newest_id(tx))
        return Replies(answer=Answer(form.refused(event.values, errors)))
    return await redate(tx, event.by, action, on, reason=reason, now=now)


async def _faster(tx: Tx, event: Submitted, action: Action, now: datetime) -> str:
    """E-20 for a form: what somebody else did while it was open; empty when nobody did anything."""
    since = event.number("since")
    other = await audit.changed_by_others(tx, (Thing.ACTION, action.id), since) if since else None
    if other is None:
        return ""
    around = await standing.around(tx, action)
    name = await _name(tx, other)
    return form_views.overtaken(name, reply_views.stands(around, standing.today_of(event.by.person, now)))


async def redate(tx: Tx, by: By, action: Action, on: date, *, reason: str, now: datetime) -> Replies:
    """Moves the date; what was promised first stays, and each move is counted. Raises: Declined."""
    going = await step(tx, by, action, "due", now=now)
    was_promised = action.first_due_on is not None
    if on < standing.today_of(by.person, now):
        raise Declined(reply_views.in_the_past(on), code="E-06")
    if on == action.due_on:
        raise Declined(reply_views.same_date(action))
    if was_promised and not reason.strip():
        raise Declined(needs_reason(action.code, f'/action due {action.code} {on} reason:"waiting for parts"'))
    was_due = action.due_on
    audit.note(
        tx, going.end, "due", field="due_on", before=was_due or "", after=on,
        reason=work.at_most(REASON_MAX, reason.strip(), "That reason"),
    )  # fmt: skip
    action.due_on = on
    action.redated += was_promised
    around = await going.around()
    notes = await day_off_notes(tx, around)
    card = reply_views.moved(around, notes=notes)
    return await telling.followed(tx, around, card, by=by.person, now=now, was_due=was_due)


async def day_off_notes(tx: Tx, around: Around) -> list[str]:
    """A date on which the owner does not work is kept, with a note."""
    due_on = around.action.due_on
    if around.owner is None or due_on is None or (await standing.works_of(tx, around.owner))(due_on):
        return []
    return [reply_views.not_on_a_working_day(due_on)]


# --- calling off


async def cancel(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/action cancel A-104 "no longer needed"`."""
    action = await coded(tx, event)
    going = await step(tx, event.by, action, "cancel", now=now)
    reason = event.command.title.strip()
    if not reason:
        raise Declined(needs_reason(action.code, f'/action cancel {action.code} "no longer needed"'))
    going.to_target(reason=work.at_most(REASON_MAX, reason, "That reason"))
    action.closed_at = now
    around = await going.around()
    told = await telling.followed(tx, around, reply_views.cancelled(around), by=event.by.person, now=now)
    return await let_go(tx, event.by, action, action.blocker_id, told=told)
