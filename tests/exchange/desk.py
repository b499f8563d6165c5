"""Somebody who brings lists to a company, and takes lists away."""

import csv
import io
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from bot.exchange import exporting, importing
from bot.exchange.exporting import What
from bot.exchange.importing import Sort
from bot.exchange.rules import Format
from bot.exchange.views import bad_line
from storage.engine import Database
from storage.organisations import Counter
from tests.search.chain import Chain, a_chain
from tests.support.company import NOON, acting

ACTIONS = "key,title,owner,due_on\r\n"


@dataclass(slots=True)
class Desk:
    """The company of the chain, whose people have e-mail addresses."""

    database: Database
    chain: Chain

    async def brings(self, content: str | bytes, sort: Sort = importing.ACTIONS, *, by: str = "") -> Sequence[str]:
        """What is wrong with a list, a line each; a good one is kept, and its codes come back."""
        company = self.chain.company
        person = company.people[by].id if by else None
        data = content if isinstance(content, bytes) else content.encode()
        found = await importing.checked(self.database, company.id, sort, data, by=person, now=NOON)
        if found.bad:
            return [bad_line(each) for each in found.bad]
        return await importing.kept(self.database, company.id, sort, found, file="list.csv", by=person, now=NOON)

    async def takes(self, what: What, form: Format = Format.CSV) -> str:
        """A list as a file."""
        async with aclosing(exporting.lines(self.database, self.chain.company.id, what, form)) as pieces:
            return "".join([text async for text, _ in pieces])

    async def rows(self, what: What) -> list[dict[str, str]]:
        """The lines of a list by their columns."""
        return list(csv.DictReader(io.StringIO(await self.takes(what), newline="")))


async def a_desk(database: Database) -> Desk:
    chain = await a_chain(database)
    async with acting(database, chain.company, "ada") as tx:
        for name, person in chain.company.people.items():
            known = await tx.need(type(person), person.id)
            known.email = f"{name}@northwater.example"
        tx.add(*(Counter(prefix=prefix, newest=1000) for prefix in ("A", "M")))
    return Desk(database, chain)
