"""`/account`: where I am, where I read, and an account that becomes a person of its own again."""

from datetime import datetime

from bot.accounts import joining, rules, standing, views
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Due, Pressed
from bot.chat.replies import Answer, Replies, Show
from storage import accounts
from storage.accounts import HINT
from storage.messages import Lane
from storage.mornings import wake
from storage.organisations import Install
from storage.people import Account, Person
from storage.tx import Tx


async def show(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/account`."""
    mine = await standing.mine(tx, event.by.person, event.by.place)
    return Replies(answer=Answer(views.accounts(mine, await standing.everywhere(tx))))


async def prefer(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/account prefer teams`. Raises: Declined."""
    meant = rules.platform_meant(event.command.words)
    if not meant:
        raise Declined(views.where_to([each.platform for each in await standing.mine(tx, event.by.person)]))
    return await _preferred(tx, event.by, meant, now)


async def press_prefer(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Write to me on Teams**. Raises: Declined."""
    return await _preferred(tx, event.by, event.ids.get("platform", ""), now)


async def _preferred(tx: Tx, by: By, platform: str, now: datetime) -> Replies:
    mine = [each for each in await standing.mine(tx, by.person, by.place) if each.platform == platform]
    if not any(each.is_reachable for each in mine):
        raise Declined(views.not_there(platform))
    if any(each.gets_messages for each in mine) and by.person.prefers == platform:
        raise Declined(views.preferred_already(platform))
    by.person.prefers = platform
    moved = await accounts.aim(tx, by.person)
    return Replies(answer=Answer(views.preferred(platform, moved))) + await joining.follow(tx, by.person, now)


async def leave(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/account leave` asks first, because there is no Undo for it. Raises: Declined."""
    return await _asked(event.by, tx)


async def press_leave(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Separate this account** asks; **Separate it** does it. Raises: Declined."""
    if "account" not in event.ids:
        return await _asked(event.by, tx)
    person = event.by.person
    found = await accounts.accounts_of(tx, person.id)
    own = next((each for each in found if each[0].id == event.number("account")), None)
    if own is None or len(found) == 1:
        raise Declined(views.only_one())
    account, name = own[0], own[1].platform
    rest = [install.platform for each, install in found if each.id != account.id]
    again = await _separate(tx, account, person, rest)
    await wake(tx, again.zone, now)
    return Replies(answer=Answer(views.left(name, rest))) + await joining.follow(tx, person, now)


async def _asked(by: By, tx: Tx) -> Replies:
    mine = await standing.mine(tx, by.person, by.place)
    if len(mine) == 1:
        raise Declined(views.only_one())
    account = await standing.here(tx, by.person, by.place)
    name = (await tx.need(Install, account.install_id)).platform
    return Replies(answer=Answer(views.really_leave(name, account.id)))


async def _separate(tx: Tx, account: Account, person: Person, rest: list[str]) -> Person:
    """Its past stays with the person; what was to come there goes to the accounts that they keep."""
    install = await tx.need(Install, account.install_id)
    again = Person(
        name=person.name,
        email=person.email,
        zone=person.zone,
        working_days=person.working_days,
        calendar=person.calendar,
        is_external=person.is_external,
        prefers=install.platform,
    )
    tx.add(again)
    await tx.flush()
    account.person_id = again.id
    if person.prefers not in rest:
        person.prefers = rest[0]
    await accounts.aim(tx, person)
    await accounts.leave_alone(tx, account)
    return again


# --- what the clock says


async def hint(event: Due, tx: Tx, _now: datetime) -> Replies:
    """Somebody seems to be on another platform too: they are told once, to themselves."""
    person = await tx.get(Person, event.subject_id)
    if person is None or not await accounts.twins(tx, person):
        return Replies(skipped=True)
    return Replies(show=(Show(f"{HINT}:{person.id}", person, HINT, {"person": person.id}, Lane.Traffic.PROMPT),))
