"""Who acts: a known account, a full member who writes for the first time, a guest whom an administrator added."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.chat.errors import Declined, SeveralPeople
from bot.chat.events import Asked, By, row_number
from bot.chat.replies import Answer, Replies
from bot.guide import views as words
from bot.people import rules, views
from bot.ports import Incoming, Profile, Sender
from storage.accounts import aim, elsewhere, plan_hint
from storage.mornings import wake
from storage.organisations import Install, organisation_of
from storage.people import Account, Person, account_of, admins, people_named, who_and_where
from storage.places import Place, place_of
from storage.tx import Tx


async def sender(tx: Tx, install: Install, incoming: Incoming, event_id: int) -> By:
    """Who acted, and where. Raises: Declined (E-01) for guests whom nobody has added."""
    known = await who_and_where(tx, install, incoming.sender.external_id, incoming.conversation)
    if known is None:
        if incoming.sender.is_guest:
            raise await _stranger(tx)
        person, place = (
            await registered(tx, install, incoming.sender),
            await place_of(tx, install, incoming.conversation),
        )
    else:
        account, person, place = known
        if not account.reachable:
            account.reachable = True
    if not person.active:
        raise await _stranger(tx)
    await acquaint(tx, install, incoming.mentioned)
    if place is not None and place.name == place.external_id and incoming.room_name:
        place.name = incoming.room_name  # its platform did not say it before
    return By(person, place or await _new_place(tx, install, incoming), event_id, incoming.mentioned)


async def acquaint(tx: Tx, install: Install, who: Sequence[Sender]) -> None:
    """Gets to know full members who did not write yet, so that a team can be made of them."""
    for each in who:
        if not each.is_guest and await account_of(tx, install, each.external_id) is None:
            await registered(tx, install, each)


async def learned(tx: Tx, install: Install, profile: Profile) -> Person | None:
    """Keeps what a platform says of a member whom the bot knows; gives them when huddles are to be planned anew."""
    known = await account_of(tx, install, profile.external_id)
    if known is None:
        return None
    account, person = known
    facts = rules.believed(account, person, profile, platform=install.platform)
    before = (person.zone, person.active)
    if person.active and not facts.is_active and (reads := await elsewhere(tx, person, account)) is not None:
        # Who left one platform and is on another has not left.
        person.prefers, facts = reads, replace(facts, is_active=True)
    account.reachable = facts.is_reachable
    person.name, person.zone = facts.name, facts.zone
    person.is_external, person.active = facts.is_external, facts.is_active
    person.email, account.directory_id = facts.email or None, facts.directory_id
    await aim(tx, person)
    await plan_hint(tx, person, tx.acting.now)
    return person if (person.zone, person.active) != before else None


async def add_guests(event: Asked, tx: Tx) -> tuple[Sequence[Person], Replies]:
    """`/people add @somebody`: who takes part from now on, and what is said. Raises: Declined."""
    if not event.command.people:
        raise Declined(views.whom_to_add())
    install = await tx.need(Install, event.by.place.install_id)
    added: list[Person] = []
    here: list[Person] = []
    for name in dict.fromkeys(event.command.people):
        known = await named(tx, event.by.place, name)
        guest = _mentioned(event.by, name)
        if not known and guest is None:
            raise Declined(views.not_found(name), code="E-10")
        await _refuse_closed(tx, install, name)
        added += [await registered(tx, install, guest)] if guest is not None and not known else []
        added += [person for person in known if not person.active]
        here += [person for person in known if person.active]
    for person in added:
        person.active = True
    await tx.flush()
    return added, Replies(answer=Answer(views.added([each.name for each in added], [each.name for each in here])))


async def remove_guests(event: Asked, tx: Tx) -> tuple[Sequence[Person], Replies]:
    """`/people remove @somebody`: the guests who take no part any more, and what is said. Raises: Declined."""
    if not event.command.people:
        raise Declined(views.whom_to_remove())
    removed: list[Person] = []
    for name in dict.fromkeys(event.command.people):
        found = await named(tx, event.by.place, name)
        if len(found) != 1:
            raise await several(tx, event.by.place, name, found)
        if not found[0].is_external:
            raise Declined(views.full_member(found[0].name))
        removed += found
    for person in removed:
        person.active = False
    await tx.flush()
    return removed, Replies(answer=Answer(views.removed([each.name for each in removed])))


async def _refuse_closed(tx: Tx, install: Install, name: str) -> None:
    """Raises: Declined for a mention of somebody whose account their platform has closed."""
    known = await account_of(tx, install, name[1:-1]) if _is_mention(name) else None
    if known is not None and rules.is_closed(*known):
        raise Declined(views.account_closed(known[1].name))


def _is_mention(name: str) -> bool:
    return name.startswith("[") and name.endswith("]")


def _mentioned(by: By, name: str) -> Sender | None:
    return next((each for each in by.mentioned if f"[{each.external_id}]" == name), None)


async def registered(tx: Tx, install: Install, who: Sender) -> Person:
    """Somebody new, with their account."""
    zone = who.zone if rules.is_zone(who.zone) else (await organisation_of(tx)).zone
    person = Person(
        name=who.name or who.external_id,
        email=who.email or None,
        zone=ZoneInfo(zone).key,
        prefers=install.platform,
        is_external=who.is_guest,
    )
    tx.add(person)
    await tx.flush()
    account = Account(person_id=person.id, install_id=install.id, external_id=who.external_id)
    account.directory_id = who.directory_id
    tx.add(account)
    await tx.flush()
    await wake(tx, person.zone, tx.acting.now)
    await plan_hint(tx, person, tx.acting.now)
    return person


async def named(tx: Tx, place: Place, name: str) -> Sequence[Person]:
    """Whom a name means: `[amy]` is a mention, an account on the place's platform; else it is a name or first name."""
    if not _is_mention(name):
        return await people_named(tx, name)
    known = await account_of(tx, await tx.need(Install, place.install_id), name[1:-1])
    return [] if known is None else [known[1]]


async def several(tx: Tx, place: Place, name: str, found: Sequence[Person]) -> Declined:
    """E-10, with a way to mean each of them: by their account on the place's platform, else by their whole name.

    For nobody it says so; so it does where one is meant who is not here any more.
    """
    here = [each for each in found if each.active]
    bare = name.strip("[]")
    if len(here) < len(("one", "another")):
        return Declined(words.which_person(found[0].name if len(found) == 1 else bare, []), code="E-10")
    ids = [each.id for each in here]
    mine = (Account.install_id == place.install_id, col(Account.person_id).in_(ids))
    accounts = {each.person_id: each.external_id for each in await tx.all(select(Account).where(*mine))}
    names = [each.name for each in here]
    choices = tuple(
        (
            each.name if names.count(each.name) == 1 else f"{each.name} {each.email or accounts.get(each.id, '')}",
            f"@[{accounts[each.id]}]" if each.id in accounts else f'@"{each.name}"',
        )
        for each in here
    )
    return SeveralPeople(words.which_person(bare, [label for label, _ in choices]), name=name, choices=choices)


async def chosen(tx: Tx, place: Place, value: str) -> Person | None:
    """Whom a form's input means: a person's number, or an account on the place's platform; None for nobody active."""
    if _is_mention(value):
        found = await named(tx, place, value)
        person = found[0] if found else None
    else:
        person = await tx.get(Person, row_number(value))
        if person is not None and person.merged_into is not None:
            person = await tx.get(Person, person.merged_into)  # the form was opened before their accounts were joined
    return person if person is not None and person.active else None


async def _stranger(tx: Tx) -> Declined:
    return Declined(words.stranger([rules.first_name(admin) for admin in await admins(tx)]), code="E-01")


async def _new_place(tx: Tx, install: Install, incoming: Incoming) -> Place:
    kind = Place.Kind.DIRECT if incoming.is_direct else Place.Kind.CHANNEL
    name = incoming.room_name or incoming.conversation
    place = Place(install_id=install.id, external_id=incoming.conversation, name=name, kind=kind)
    tx.add(place)
    await tx.flush()
    return place
