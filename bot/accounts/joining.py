"""`/account join`: a code shown in one account and typed in another makes both one person's."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from bot.accounts import codes, rules, standing, views
from bot.actions import reminding
from bot.actions.telling import ESCALATE, MOVED, REMIND
from bot.chat.cards import Card, says
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed
from bot.chat.replies import NOTHING, Answer, Replies
from bot.huddles import presence
from bot.huddles.answering import stale
from bot.huddles.rules import recount
from bot.mornings import handlers as waking
from bot.welcome import handlers as welcome
from storage import accounts, messages
from storage.accounts import HINT, JOINED_VIEW, AccountCode, Purpose
from storage.huddles import Expectation, HuddleRun, expectations
from storage.joining import both_parts, join
from storage.messages import Lane, Message
from storage.organisations import Install
from storage.people import Account, Person, zone_of
from storage.tx import Tx

STEPS = (REMIND, ESCALATE, MOVED, HINT, *welcome.STEPS.values())
"""Steps of the clock that are about a person."""


async def ask(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/account join` shows a code, `/account join CODE` takes one. Raises: Declined."""
    if not event.command.words:
        return await _show(event.by, tx, now)
    found = await codes.typed(tx, event, Purpose.JOIN, now)
    if isinstance(found, Card):
        return Replies(answer=Answer(found))
    other, account = await tx.need(Person, found.person_id), await tx.need(Account, found.account_id)
    install = await tx.need(Install, account.install_id)
    await _refuse(tx, event.by, other, account)
    if not rules.seem_one(event.by.person, other):
        found.typed_by = event.by.person.id
        return Replies(answer=Answer(views.is_it_you(other.name, install.platform, found.id)))
    return await _joined(tx, event.by, found, now)


async def show_code(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Join another account**, **Show me the code**."""
    return await _show(event.by, tx, now)


async def confirm(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Yes, join them**: only who typed the code, and while it works. Raises: Declined."""
    code = await _typed_by(tx, event)
    codes.refuse_over(code, event.by.person, codes.real_now(tx, now))
    account = await tx.need(Account, code.account_id)
    await _refuse(tx, event.by, await tx.need(Person, code.person_id), account)
    return await _joined(tx, event.by, code, now)


async def refuse(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**No**: the code works no more. Raises: Declined."""
    code = await _typed_by(tx, event)
    if code.used_at is None:
        await accounts.use(tx, code, real_now=codes.real_now(tx, now))
    elif (await tx.need(Account, code.account_id)).person_id == event.by.person.id:
        raise Declined(views.same_person())
    return Replies(answer=Answer(says(views.not_joined())))


async def _typed_by(tx: Tx, event: Pressed) -> AccountCode:
    code = await tx.get(AccountCode, event.number("code"))
    if code is None or code.purpose is not Purpose.JOIN or code.typed_by != event.by.person.id:
        raise Declined(views.used_up())
    return code


async def _show(by: By, tx: Tx, now: datetime) -> Replies:
    account = await standing.here(tx, by.person, by.place)
    mine = {each.platform for each in await standing.mine(tx, by.person)}
    there = [each for each in await standing.everywhere(tx) if each not in mine]
    if not there:
        raise Declined(views.one_platform() if len(mine) == 1 else views.same_person())
    new = await codes.shown(tx, account, Purpose.JOIN, now)
    card = views.code_to_join(new.code, new.until, zone_of(by.person), there)
    return Replies(answer=Answer(card, kept=False))


async def _refuse(tx: Tx, by: By, other: Person, account: Account) -> None:
    """Raises: Declined for two accounts that can't be one person's."""
    here = await standing.here(tx, by.person, by.place)
    if account.id == here.id:
        raise Declined(views.same_account())
    if account.person_id == by.person.id:
        raise Declined(views.same_person())
    if account.person_id != other.id or not other.active:
        raise Declined(views.used_up())  # it belongs to somebody else by now
    if other.is_external != by.person.is_external:
        raise Declined(views.only_guests(is_guest=by.person.is_external))
    mine = {each.install_id for each, _ in await accounts.accounts_of(tx, by.person.id)}
    theirs = [each for each in await accounts.accounts_of(tx, other.id) if each[0].install_id in mine]
    if theirs:
        raise Declined(views.same_platform(theirs[0][1].platform, theirs[0][1].name))
    split = await both_parts(tx, by.person.id, other.id)
    if split:
        raise Declined(views.both_parts(split))


async def _joined(tx: Tx, by: By, code: AccountCode, now: datetime) -> Replies:
    """Whoever's account the code was shown in is who typed it, from now on."""
    await codes.use(tx, code, by.person, now)
    account, person = await tx.need(Account, code.account_id), by.person
    done = await join(tx, person, await tx.need(Person, code.person_id), steps=STEPS)
    for number in done.runs:
        run = await tx.need(HuddleRun, number)
        if run.state in presence.NOT_OVER:
            recount(run, await expectations(tx, run))
    await accounts.aim(tx, person)
    await _tell(tx, account, person, now)
    card = views.joined(await standing.mine(tx, person, by.place), account.id, len(done.runs))
    return Replies(answer=Answer(card)) + await follow(tx, person, now)


async def _tell(tx: Tx, account: Account, person: Person, now: datetime) -> None:
    """In the account in which the code was shown, whichever of them they prefer."""
    lane = await messages.lane_of(tx, account.install_id, Lane.Traffic.REPLY)
    await messages.want(
        tx,
        Message(
            key=f"{JOINED_VIEW}:{account.id}:{now.isoformat()}",
            event_id=tx.acting.event_id,
            lane_id=lane.id,
            person_id=person.id,
            account_id=account.id,
            view=JOINED_VIEW,
            ids=messages.ids_text({"account": account.id}),
            due_at=now,
            urgent=True,
        ),
    )


async def follow(tx: Tx, person: Person, now: datetime) -> Replies:
    """What is open for somebody shows what they are now: prompts wherever they stand, summaries, plans, reminders."""
    replies = NOTHING
    for run in await _open_runs(tx, person):
        replies += Replies(refresh=stale(run, person))
    await presence.moved(tx, person, now)
    await reminding.moved(tx, person, now)
    await waking.moved(tx, person, now)
    return replies + await presence.days_changed(tx, [person], now)


async def _open_runs(tx: Tx, person: Person) -> Sequence[HuddleRun]:
    return await tx.all(
        select(HuddleRun)
        .join(Expectation, col(Expectation.run_id) == HuddleRun.id)
        .where(
            Expectation.person_id == person.id,
            col(HuddleRun.state).in_(presence.NOT_OVER),
            col(HuddleRun.ended_at).is_(None),
        )
        .order_by(col(HuddleRun.id))
    )
