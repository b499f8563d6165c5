"""PostgreSQL whose connection breaks in the middle of a commit: handled once, shown once, nothing lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import make_url
from sqlmodel import select

from bot.chat.cards import Card
from bot.dispatch import Dispatcher
from storage.customers import VocItem
from storage.engine import Database
from storage.errors import DatabaseError
from storage.messages import Message
from tests.faults.tally import Tally
from tests.support.company import a_company, an_event
from tests.support.cutting_proxy import Cut, CuttingProxy, a_proxy
from tests.support.elapsing import real_time_passes
from tests.support.notebook import NOTEBOOK
from tests.support.post_office import PostOffice
from tests.support.postgres import drop_connections, drop_database, new_database
from tests.support.reading import words_of

pytestmark = [pytest.mark.fault, pytest.mark.postgres]
COMMITS = 5  # the event, and of the delivery: lease, claim, outcome, release
Tell = Callable[[Tally], None]


@pytest.fixture
def server_url(postgres_base: str, postgres_template: str) -> Iterator[str]:
    url = new_database(postgres_base, postgres_template)
    yield url
    drop_database(url)


async def said(office: PostOffice, text: str) -> str:
    """Ada says something, again and again under the same event, until it is taken; what she reads then."""
    dispatcher = Dispatcher(office.database, NOTEBOOK, office.clock)
    told = ""
    for _ in range(4):
        answer = await dispatcher.handle(an_event("ada", text, event=text))
        assert answer is not None
        assert isinstance(answer.content, Card)
        told = words_of(answer.content)
        if "noted" in told:
            break
    return told


async def delivered(office: PostOffice) -> None:
    """The delivery goes on by itself, as its loop does."""
    for number in range(4):
        worker = office.a_worker(f"worker {number}")
        for work in (worker.drain, worker.sweep):
            with suppress(DatabaseError):
                await work()
        with suppress(DatabaseError):
            await real_time_passes(office.database)


async def wrong_after(office: PostOffice, proxy: CuttingProxy, text: str) -> str:
    """What is lost or doubled; empty where nothing is."""
    told = await said(office, text)
    await delivered(office)
    was_cut, proxy.left = proxy.left <= 0, 0
    async with office.database.read(office.company.id) as tx:
        notes = await tx.all(select(VocItem).where(VocItem.words == text))
    standing = office.chat.words.count(text)
    states = {each.state for each in await office.messages()}
    found = (was_cut, "noted" in told, len(notes), standing, states)
    return "" if found == (True, True, 1, 1, {Message.State.SHOWN}) else f"{text}: {found}"


def seen_at(office: PostOffice, kind: str, *, runs: int, notes: int) -> Tally:
    """What stands on the platform, of so many notes."""
    standing = Counter(office.chat.words)
    return Tally(kind, runs, notes - len(standing), sum(times > 1 for times in standing.values()))


def ended_on(server_url: str) -> int:
    """Ends the connections to a database; how many there were."""
    idle = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    url = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        (number,) = connection.execute(idle).fetchone() or (0,)
    drop_connections(server_url)
    return int(number)


@pytest.mark.parametrize("cut", Cut)
async def test_cut_in_any_commit_an_event_is_handled_once_and_shown_once(
    server_url: str, cut: Cut, tally: Tell
) -> None:
    async with a_proxy(server_url) as (proxy, url):
        database = Database(url)
        office = PostOffice(database, await a_company(database))
        wrong = []
        for number in range(1, COMMITS + 1):
            proxy.arm(cut, number)
            wrong.append(await wrong_after(office, proxy, f"note {number}"))
        await database.close()
    assert not any(wrong), "\n".join(wrong)
    tally(seen_at(office, f"PostgreSQL: {cut}", runs=wrong.count(""), notes=COMMITS))


async def test_connections_that_the_server_ended_are_replaced_before_anybody_notices(
    server_url: str, tally: Tell
) -> None:
    database = Database(server_url)
    office = PostOffice(database, await a_company(database))
    ended = ended_on(server_url)
    told = await said(office, "note")
    ended += ended_on(server_url)
    await delivered(office)
    await database.close()
    assert ("noted" in told, office.chat.words) == (True, ["note"])
    assert ended >= 2, "there were some both times"
    tally(seen_at(office, "PostgreSQL: idle connections were ended", runs=ended, notes=1))
