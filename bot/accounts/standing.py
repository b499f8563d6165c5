"""Where somebody is and where they read: what answers and cards about accounts both show."""

from collections.abc import Sequence

from bot.accounts.views import Mine
from storage import accounts
from storage.people import Account, Person
from storage.places import Place
from storage.tx import Tx


async def here(tx: Tx, person: Person, place: Place) -> Account:
    """The account in which somebody acts. Raises: LookupError for one that is theirs no more."""
    for account, install in await accounts.accounts_of(tx, person.id):
        if install.id == place.install_id:
            return account
    raise LookupError(f"person {person.id} has no account where they act")


async def mine(tx: Tx, person: Person, place: Place | None = None) -> Sequence[Mine]:
    """Every account of somebody, the oldest first; one of them gets their messages, unless none can be reached."""
    found = await accounts.accounts_of(tx, person.id)
    reachable = [account.id for account, install in found if account.reachable and install.platform == person.prefers]
    reachable += [account.id for account, _ in found if account.reachable]
    return [
        Mine(
            number=account.id,
            platform=install.platform,
            install=install.name,
            is_reachable=account.reachable,
            is_here=place is not None and install.id == place.install_id,
            gets_messages=account.id in reachable[:1],
        )
        for account, install in found
    ]


async def everywhere(tx: Tx) -> Sequence[str]:
    """The platforms on which the organisation is."""
    return list(dict.fromkeys(each.platform for each in await accounts.installs(tx)))
