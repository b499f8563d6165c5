"""Codes: shown to one, typed by another; wrong ones are counted, and what is wrong with one is said."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from bot.accounts import rules, views
from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import Asked
from storage import accounts
from storage.accounts import AccountCode, Purpose
from storage.people import Account, Person, zone_of
from storage.tx import Tx

VERBS = {Purpose.JOIN: "account join", Purpose.PAIR: "account pair"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A new code, and until when it works."""

    code: str
    until: datetime


def real_now(tx: Tx, now: datetime) -> datetime:
    """Real time, also where the bot's is simulated: codes know no other."""
    return tx.acting.arrived_at or now


async def shown(tx: Tx, account: Account, purpose: Purpose, now: datetime) -> Shown:
    """A new code of an account; it is said here and kept nowhere."""
    code, real = rules.code(secrets.choice), real_now(tx, now)
    await accounts.show_code(tx, account, purpose, code=code, real_now=real)
    return Shown(code, real + accounts.CODE_LASTS)


async def typed(tx: Tx, event: Asked, purpose: Purpose, now: datetime) -> AccountCode | Card:
    """The code that somebody typed, or what they read where there is none: then one more was wrong.

    Raises: Declined while they may type none, and for one that works no more.
    """
    person, real = event.by.person, real_now(tx, now)
    until = await accounts.locked_until(tx, person, real)
    if until is not None:
        raise Declined(views.locked(until, zone_of(person)))
    code = await accounts.code_of(tx, purpose, rules.read_code(event.command.words))
    if code is None:
        return views.no_such_code(await accounts.count_wrong(tx, person, real))
    refuse_over(code, person, real)
    return code


def refuse_over(code: AccountCode, person: Person, real: datetime) -> None:
    """Raises: Declined for a code that was used or typed by somebody else, or has run out."""
    if code.used_at is not None or code.typed_by not in {None, person.id}:
        raise Declined(views.used_up())
    if real >= code.expires_at:
        raise Declined(views.run_out(real - code.expires_at, VERBS[code.purpose]))


async def use(tx: Tx, code: AccountCode, person: Person, now: datetime) -> None:
    """Uses a code up. Raises: Declined where somebody was faster."""
    if not await accounts.use(tx, code, real_now=real_now(tx, now)):
        raise Declined(views.used_up())
    await accounts.forget_wrong(tx, person)
