"""Who acts: a known account, or a full member who writes for the first time."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo, available_timezones

from bot.chat.errors import Declined
from bot.chat.events import By
from bot.guide import views as words
from bot.people import rules
from bot.ports import Incoming, Sender
from storage.organisations import Install, organisation_of
from storage.people import Account, Person, account_of, admins, people_named
from storage.places import Place, place_of
from storage.tx import Tx


async def sender(tx: Tx, install: Install, incoming: Incoming, event_id: int) -> By:
    """Who acted, and where. Raises: Declined (E-01) for guests whom nobody has added."""
    known = await account_of(tx, install, incoming.sender.external_id)
    person = known[1] if known else await _registered(tx, install, incoming.sender)
    if known and not known[0].reachable:
        known[0].reachable = True
    if not person.active:
        raise await _stranger(tx)
    return By(person, await _place(tx, install, incoming), event_id)


async def _registered(tx: Tx, install: Install, who: Sender) -> Person:
    if who.is_guest:
        raise await _stranger(tx)
    zone = who.zone if who.zone in available_timezones() else (await organisation_of(tx)).zone
    person = Person(name=who.name or who.external_id, zone=ZoneInfo(zone).key, prefers=install.platform)
    tx.add(person)
    await tx.flush()
    tx.add(Account(person_id=person.id, install_id=install.id, external_id=who.external_id))
    await tx.flush()
    return person


async def named(tx: Tx, place: Place, name: str) -> Sequence[Person]:
    """Whom a name means: `[amy]` is a mention, an account on the place's platform; else it is a name or first name."""
    if not (name.startswith("[") and name.endswith("]")):
        return await people_named(tx, name)
    known = await account_of(tx, await tx.need(Install, place.install_id), name[1:-1])
    return [] if known is None else [known[1]]


async def _stranger(tx: Tx) -> Declined:
    return Declined(words.stranger([rules.first_name(admin) for admin in await admins(tx)]), code="E-01")


async def _place(tx: Tx, install: Install, incoming: Incoming) -> Place:
    place = await place_of(tx, install, incoming.conversation)
    if place is None:
        kind = Place.Kind.DIRECT if incoming.is_direct else Place.Kind.CHANNEL
        name = incoming.room_name or incoming.conversation
        place = Place(install_id=install.id, external_id=incoming.conversation, name=name, kind=kind)
        tx.add(place)
        await tx.flush()
    return place
