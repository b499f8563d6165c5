"""What follows when an action has changed: whose messages are made anew, who hears of it, who is reminded when."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time

from sqlmodel import select

from bot.actions import rules, standing
from bot.actions.views import Around
from bot.chat.cards import Card
from bot.chat.localtime import instant
from bot.chat.replies import NOTHING, Answer, Plan, Refresh, Replies, Show
from storage import audit
from storage.actions import Action
from storage.audit import newest
from storage.links import Link, Thing, link
from storage.messages import Lane
from storage.organisations import next_code
from storage.people import Person, zone_of
from storage.tx import Tx

CARD, NEWS, REMINDER, OVERDUE = "action.card", "action.news", "action.reminder", "action.overdue"
FREED, HELP_AGAIN, HELP_LEAD = "action.freed", "action.help_again", "action.help_lead"
REMIND, ESCALATE, MOVED = "action.remind", "action.escalate", "action.moved"

OWNER, REQUESTER = "owner", "requester"
NEWS_REMADE = 3  # of one action, when it changes


async def followed(
    tx: Tx,
    around: Around,
    card: Card,
    *,
    by: Person,
    now: datetime,
    tell: Collection[str] = (OWNER, REQUESTER),
    also: Sequence[Person | None] = (),
    was_due: date | None = None,
    was_owner: Person | None = None,
) -> Replies:
    """The answer, messages made anew, and news for those of its people who did not do it themselves."""
    return Replies(
        answer=Answer(card),
        show=await _news(tx, around, by, tell=tell, also=also),
        refresh=await _stale(tx, around, now, was_due=was_due, was_owner=was_owner),
        plan=await reminders(tx, around, now),
        undoable=True,
    )


async def _news(
    tx: Tx, around: Around, by: Person, *, tell: Collection[str], also: Sequence[Person | None]
) -> tuple[Show, ...]:
    action = around.action
    (entry,) = await newest(tx, (Thing.ACTION, action.id), 1)
    people = {OWNER: around.owner, REQUESTER: around.requester}
    every = (*(people[part] for part in tell), *also)
    whom = {each.id: each for each in every if each is not None and each.active and each.id != by.id}
    if entry.verb == "assign" and around.owner is not None:
        whom.pop(around.owner.id, None)
    ids = {"action": action.id, "entry": entry.id}
    return tuple(
        Show(f"action:{action.id}:news:{entry.id}:{each.id}", each, NEWS, ids, Lane.Traffic.REPLY)
        for each in whom.values()
    )


def asked(action: Action, whom: Sequence[Person]) -> tuple[Show, ...]:
    """The card that asks some people to take it on, or to check it, anew for each edition of it."""
    return tuple(
        Show(
            f"action:{action.id}:ask:{action.version}:{each.id}",
            each,
            CARD,
            {"action": action.id},
            Lane.Traffic.REPLY,
        )
        for each in whom
    )


async def _stale(
    tx: Tx, around: Around, now: datetime, *, was_due: date | None, was_owner: Person | None
) -> tuple[Refresh, ...]:
    """Every message that shows it: cards, the latest news, the reminders of who has it and of who had it."""
    action = around.action
    views = (CARD, HELP_AGAIN, HELP_LEAD) if action.kind is Action.Kind.HELP else (CARD,)
    refresh = [Refresh(view, {"action": action.id}) for view in views]
    entries = await newest(tx, (Thing.ACTION, action.id), NEWS_REMADE + 1)
    refresh += [Refresh(NEWS, {"action": action.id, "entry": each.id}) for each in entries[1:]]
    for owner in (each for each in (_holder(around), was_owner) if each is not None):
        works, today = await standing.works_of(tx, owner), standing.today_of(owner, now)
        for due_on in {each for each in (action.due_on, was_due) if each is not None}:
            seen = (each for each in rules.reminders(due_on, works) if each.on <= today)
            refresh += [Refresh(REMINDER, reminder_ids(owner, each.on, each.at)) for each in seen]
    return tuple(refresh)


def reminder_ids(owner: Person, on: date, at: time) -> dict[str, int]:
    """What the view of a reminder is about."""
    return {"owner": owner.id, "on": on.toordinal(), "hour": at.hour}


def freed_ids(blocker_id: int, owner_id: int) -> dict[str, int]:
    """What the message about a solved blocker is about."""
    return {"blocker": blocker_id, "owner": owner_id}


def _holder(around: Around) -> Person:
    """Whose turn it is: while it has no owner, that of who asked for it."""
    return around.owner or around.requester


async def reminders(tx: Tx, around: Around, now: datetime) -> tuple[Plan, ...]:
    """The steps that remind its owner, each of them one for all that falls due with it."""
    action, owner = around.action, _holder(around)
    if action.due_on is None or not rules.needs_owner(action) or not owner.active:
        return ()
    return planned(await standing.works_of(tx, owner), action.due_on, now)


def planned(works: standing.Works, due_on: date, now: datetime) -> tuple[Plan, ...]:
    """The steps to come that remind somebody of what falls due on a day."""
    owner = works.person
    every = (instant(each.on, each.at, zone_of(owner)) for each in rules.reminders(due_on, works))
    return tuple(Plan(f"remind:{owner.id}:{at.isoformat()}", REMIND, owner.id, at) for at in every if at > now)


async def again(tx: Tx, around: Around, now: datetime) -> Replies:
    """What comes again comes when it is done: the next one, with the same owner, agreed as the last one was; once."""
    done, owner = around.action, around.owner
    if not done.every or owner is None or done.due_on is None:
        return NOTHING
    follows = (Link.from_kind == Thing.ACTION, Link.from_id == done.id, Link.to_kind == Thing.ACTION)
    if await tx.first(select(Link.id).where(*follows, Link.kind == Link.Kind.REPEATS)) is not None:
        return NOTHING  # it was done before, and opened again
    due_on = rules.next_due(done.every, max(done.first_due_on or done.due_on, standing.today_of(owner, now)))
    kept = {"kind", "title", "owner_id", "requester_id", "department_id", "initiative_id", "batch_id", "priority"}
    coming = Action(
        **done.model_dump(include={*kept, "done_when", "every"}),
        code=await next_code(tx, "A"),
        state=Action.State.OPEN if owner.active else Action.State.PROPOSED,
        due_on=due_on,
        first_due_on=due_on if owner.active else None,
    )
    if not owner.active:
        coming.owner_id = None
    tx.add(coming)
    await tx.flush()
    await link(tx, (Thing.ACTION, done.id), (Thing.ACTION, coming.id), Link.Kind.REPEATS)
    audit.note(tx, (Thing.ACTION, coming.id), "next", after=coming.state.value)
    await tx.flush()
    around = await standing.around(tx, coming)
    return Replies(show=asked(coming, [_holder(around)]), plan=await reminders(tx, around, now))
