"""`/people mail`: somebody takes part by e-mail, who has no account in any chat."""

import secrets
from collections.abc import Sequence
from difflib import get_close_matches

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.pace import is_connected
from bot.chat.replies import Answer, Replies, Show
from bot.chat.senders import Sender
from bot.people import mail_rules as rules
from bot.people import mail_views as views
from bot.people.handlers import registered
from bot.people.mail_projections import HELLO
from storage.mail import PLATFORM, member, open_install, owner_of
from storage.messages import Lane
from storage.people import Department, Person, departments
from storage.tx import Tx

NEAR = 0.75  # of difflib's ratio: a slip of the pen rather than another name


async def add_by_mail(event: Asked, tx: Tx) -> tuple[Sequence[Person], Replies]:
    """`/people mail sam@metering.example "Sam Okello"`: who takes part, and what is said. Raises: Declined."""
    if not is_connected(PLATFORM):
        raise Declined(views.not_connected())
    address, name = _named(event)
    install = await open_install(tx, secrets.token_hex(16))
    known = await member(tx, install.external_id, address)
    if known is not None and not known[2].active:
        return await _back(event, tx, known[2], address)
    owner = await owner_of(tx, address)
    if owner is not None:
        raise Declined(views.taken(address, owner.name), code="E-05")
    department, is_new = await _department(event, tx)
    person = await registered(tx, install, Sender(address, name, is_guest=True, email=address))
    person.department_id = None if department is None else department.id
    await tx.flush()
    said = views.added(name, address, department.name if department else "", is_new=is_new)
    return [person], Replies(answer=Answer(said), show=(_hello(event, person),))


def _named(event: Asked) -> tuple[str, str]:
    """The address and the name. Raises: Declined."""
    command = event.command
    first, _, behind = command.words.partition(" ")
    name = " ".join((next(iter(command.quoted), "") or behind).split())
    if not first or not name:
        raise Declined(views.how())
    address = rules.address_in(first)
    if not address:
        words = views.not_an_address(first) if rules.is_plain(first) else views.not_plain(first)
        raise Declined(words, code="E-06")
    if len(name) > rules.NAME_MAX:
        raise Declined(views.too_long(len(name), rules.NAME_MAX))
    return address, name


async def _back(event: Asked, tx: Tx, person: Person, address: str) -> tuple[Sequence[Person], Replies]:
    """Who was taken out takes part again under the name by which they are known."""
    person.active = True
    await tx.flush()
    return [person], Replies(answer=Answer(views.back(person.name, address)), show=(_hello(event, person),))


def _hello(event: Asked, person: Person) -> Show:
    ids = {"person": person.id, "by": event.by.person.id}
    return Show(f"{HELLO}:{person.id}", person, HELLO, ids, Lane.Traffic.PROMPT)


async def _department(event: Asked, tx: Tx) -> tuple[Department | None, bool]:
    """Theirs, and whether it is new: a supplier that nobody named before. Raises: Declined where it is a slip."""
    typed = " ".join(event.command.keys.get("dept", "").split())
    if not typed:
        return None, False
    there = await departments(tx)
    found = next((each for each in there if each.name.casefold() == typed.casefold()), None)
    if found is not None:
        return found, False
    names = {each.name.casefold(): each.name for each in there}
    near = get_close_matches(typed.casefold(), names, cutoff=NEAR)
    if near:
        raise Declined(views.no_such_department(typed, [names[each] for each in near]), code="E-04")
    last = max((each.seq for each in there), default=0)
    department = Department(name=typed[: rules.NAME_MAX], kind=Department.Kind.SUPPLIER, seq=last + 1)
    tx.add(department)
    await tx.flush()
    return department, True
