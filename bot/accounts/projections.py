"""What stands in somebody's messages about accounts, as it is now."""

from collections.abc import Mapping
from datetime import datetime

from bot.accounts import standing, views
from bot.chat.cards import Card
from bot.chat.routing import Reader
from storage import accounts
from storage.organisations import Install, organisation_of
from storage.people import Account
from storage.tx import Tx


async def joined(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """That an account was joined, in that account."""
    account = await tx.get(Account, ids["account"])
    if account is None or reader.person is None:
        return None
    here = await tx.need(Install, account.install_id)
    others = [each.platform for each in await standing.mine(tx, reader.person) if each.number != account.id]
    is_theirs = account.person_id == reader.person.id
    return views.told_joined(here.platform, others) if is_theirs and others else views.told_apart()


async def hint(tx: Tx, _ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """That somebody seems to have another account; None once it is joined, or gone."""
    if reader.person is None:
        return None
    others = await accounts.twins(tx, reader.person)
    return views.hint(others) if others else None


async def paired(tx: Tx, ids: Mapping[str, int], _reader: Reader, _now: datetime) -> Card | None:
    """That an installation is part of the organisation."""
    install = await tx.get(Install, ids["install"])
    if install is None:
        return None
    return views.told_paired(install.platform, install.name, (await organisation_of(tx)).name)
