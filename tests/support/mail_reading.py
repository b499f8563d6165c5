"""What stands in the database of a mail office."""

from collections.abc import Sequence

from sqlmodel import col, func, select

from storage.customers import VocItem
from storage.events import EventSeen
from storage.tx import SYSTEM
from tests.support.mail_office import MailOffice


async def notes(office: MailOffice) -> Sequence[str]:
    """The words of every note, oldest first."""
    async with office.database.read(SYSTEM) as tx:
        return await tx.all(select(col(VocItem.words)).order_by(col(VocItem.id)))


async def events(office: MailOffice) -> int:
    """How many events were handled."""
    async with office.database.read(SYSTEM) as tx:
        return await tx.session.scalar(select(func.count()).select_from(EventSeen)) or 0
