"""Help from another department: a question that whoever presses first takes on, and that nobody forgets."""

from datetime import datetime

from sqlmodel import col, select

from bot.actions import form_views, making, reply_views, rules, standing, telling
from bot.actions.agreeing import coded, pressed, step
from bot.actions.filling import refused
from bot.actions.outside import leaving
from bot.actions.rules import State
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Due, Pressed, Submitted, row_number
from bot.chat.localtime import instant
from bot.chat.replies import Answer, Plan, Replies, Show
from bot.people import handlers as people
from bot.people.rules import first_name
from bot.work import handlers as work
from storage import audit
from storage.actions import Action, ActionHelper
from storage.links import Thing
from storage.messages import Lane
from storage.organisations import next_code
from storage.people import Account, Department, Person, admins, departments, zone_of
from storage.places import Place
from storage.teams import Team, leads_of
from storage.tx import Tx


async def ask(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/action ask "Who keeps the fault codes?" dept:Billing`."""
    name = event.command.keys.get("dept", "").casefold()
    every = await departments(tx)
    found = next((each for each in every if each.name.casefold() == name), None)
    if found is None or not event.command.title:
        values = {"title": event.command.title[: rules.TITLE_MAX], "dept": str(found.id) if found else ""}
        return Replies(answer=Answer(form_views.ask(values, every)))
    title = work.at_most(rules.TITLE_MAX, event.command.title, "That question")
    return await _asked(tx, event.by, title, found, now=now)


async def take_ask(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form of a question."""
    department = await tx.get(Department, row_number(event.values.get("dept", "")))
    title = event.values.get("title", "").strip()
    errors = {} if title else {"title": form_views.please_write()}
    every = await departments(tx)
    if department is None:
        errors |= {"dept": form_views.please_choose()} if every else {"title": form_views.no_departments()}
    if errors or department is None:
        return refused(form_views.ask({}, every), event.values, errors)
    return await _asked(tx, event.by, title, department, now=now)


async def _asked(tx: Tx, by: By, title: str, department: Department, *, now: datetime) -> Replies:
    action = Action(
        code=await next_code(tx, "A"),
        kind=Action.Kind.HELP,
        title=title,
        requester_id=by.person.id,
        department_id=department.id,
    )
    around = await making.kept(tx, action, None)
    told = await telling.followed(tx, around, reply_views.added(around), by=by.person, now=now, tell=())
    show = await _to_department(tx, action, department)
    if not show:
        raise Declined(reply_views.nobody_there(department.name))
    plan = Plan(f"help:{action.id}:again", telling.HELP_AGAIN, action.id, await _later(tx, by.person, now))
    return told + Replies(show=show, plan=(plan,))


async def _later(tx: Tx, asker: Person, now: datetime) -> datetime:
    """The morning of the working day by which a question should have found somebody."""
    works = await standing.works_of(tx, asker)
    on = rules.nth_working_day(standing.today_of(asker, now), rules.HELP_WAITS, works)
    return instant(on, rules.MORNING, zone_of(asker))


async def _to_department(
    tx: Tx, action: Action, department: Department, *, view: str = telling.CARD, key: str = "help"
) -> tuple[Show, ...]:
    """In the rooms of its teams; where it has none, to its head."""
    teams = await tx.all(select(Team).where(Team.department_id == department.id))
    ids = {"action": action.id}
    numbers = {team.place_id for team in teams if team.place_id is not None}
    is_open = (col(Place.id).in_(numbers), col(Place.is_open).is_(True))
    rooms = await tx.all(select(Place).where(*is_open).order_by(col(Place.id)))
    if rooms:
        return tuple(Show(f"action:{action.id}:{key}:{each.id}", each, view, ids) for each in rooms)
    has_account = select(Account.id).where(Account.person_id == Person.id).exists()
    heads = select(Person).where(Person.id == department.head_id, col(Person.active).is_(True), has_account)
    return tuple(Show(f"action:{action.id}:{key}:head", each, view, ids) for each in await tx.all(heads))


# --- when nobody has answered


async def ask_again(event: Due, tx: Tx, now: datetime) -> Replies:
    """Once, where it was asked; as long again after that the asker's lead hears of it."""
    action = await _unanswered(tx, event)
    department = await tx.get(Department, action.department_id or 0) if action else None
    if action is None or department is None:
        return Replies(skipped=True)
    show = await _to_department(tx, action, department, view=telling.HELP_AGAIN, key="help again")
    asker = await tx.need(Person, action.requester_id)
    plan = Plan(f"help:{action.id}:lead", telling.HELP_LEAD, action.id, await _later(tx, asker, now))
    return Replies(show=show, plan=(plan,), outcome=reply_views.asked_again(action, department))


async def tell_lead(event: Due, tx: Tx, now: datetime) -> Replies:
    """Whoever can find somebody else to ask."""
    action = await _unanswered(tx, event)
    lead = await _lead_of(tx, await tx.need(Person, action.requester_id), now) if action else None
    if action is None or lead is None:
        return Replies(skipped=True)
    ids = {"action": action.id}
    show = Show(f"action:{action.id}:help lead", lead, telling.HELP_LEAD, ids, Lane.Traffic.PROMPT)
    return Replies(show=(show,), outcome=reply_views.lead_told(action, first_name(lead)))


async def _unanswered(tx: Tx, event: Due) -> Action | None:
    action = await tx.get(Action, event.subject_id)
    is_free = action is not None and action.state is State.PROPOSED and action.owner_id is None
    return action if is_free else None


async def _lead_of(tx: Tx, asker: Person, now: datetime) -> Person | None:
    """A lead of their team, else the head of their department, else an administrator; never themselves."""
    department = await tx.get(Department, asker.department_id) if asker.department_id else None
    head = await tx.get(Person, department.head_id) if department and department.head_id else None
    every = [*await leads_of(tx, asker.id, standing.today_of(asker, now)), head, *await admins(tx)]
    return next((each for each in every if each is not None and each.active and each.id != asker.id), None)


# --- who takes part


async def ask_who(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**I know someone**: the form."""
    return Replies(answer=Answer(form_views.know(await pressed(tx, event), {})))


async def name(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """Somebody who could help is asked."""
    action = await pressed(tx, event)
    whom = await people.chosen(tx, event.by.place, event.values.get("owner", ""))
    if whom is None or not whom.active:
        return refused(form_views.know(action, {}), event.values, {"owner": form_views.please_choose()})
    if action.state is State.PROPOSED and action.owner_id is not None:
        raise Declined(reply_views.has_owner(await standing.around(tx, action)), code="E-05")
    going = await step(tx, event.by, action, "assign", now=now, when=rules.FREE)
    leaves = await leaving(tx, going.end, whom, by=event.by.person)
    if leaves is not None and event.number(form_views.OUTSIDE) != whom.id:
        form = form_views.read_outside(form_views.know(action, {}), event.values, whom, leaves)
        return Replies(answer=Answer(form, refuses=True))
    action.owner_id = whom.id
    audit.note(tx, going.end, "assign", field="owner_id", after=first_name(whom))
    around = await going.around()
    card = reply_views.given(around, first_name(whom))
    also = (leaves.hears,) if leaves is not None else ()
    told = await telling.followed(tx, around, card, by=event.by.person, now=now, tell=(telling.REQUESTER,), also=also)
    return told + Replies(show=telling.asked(action, [whom]))


async def help_with(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/action help A-104`: somebody helps its owner, who stays the one who has it."""
    action = await coded(tx, event)
    person = event.by.person
    around = await standing.around(tx, action)
    if rules.is_closed(action) or person.id in {action.owner_id, *(each.id for each in around.helpers)}:
        raise Declined(reply_views.no_help_needed(around))
    tx.add(ActionHelper(action_id=action.id, person_id=person.id))
    audit.note(tx, (Thing.ACTION, action.id), "help", field="helpers", after=first_name(person))
    await tx.flush()
    around = await standing.around(tx, action)
    return await telling.followed(
        tx, around, reply_views.helps(around, first_name(person)), by=person, now=now, tell=(telling.OWNER,)
    )
