"""`/metrics` over HTTP: what a process has done and what the database holds, and nothing about people."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from aiohttp.web import Application, RouteDef
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import col, update

from adapters.web import metrics
from adapters.web.host import serving
from bot.chat.replies import Plan, Replies
from bot.dispatch import Dispatcher
from bot.metrics import Metrics
from bot.ports import CannotLook, MaybeSent, NotSent, RateLimited, Refused
from bot.wanted import record
from schedules.clock import Ticker
from schedules.delivery import Delivery
from schedules.gauges import gauges
from schedules.simulated import SimulatedClock, remember
from storage.engine import Database
from storage.messages import Message
from storage.people import Person
from storage.places import Place
from storage.tx import SYSTEM
from tests.operation.silence import silent_server
from tests.support.company import NOON, a_company, acting, an_event
from tests.support.fake_chat import Fault
from tests.support.notebook import NOTEBOOK
from tests.support.post_office import PostOffice
from tests.support.postgres import drop_database, new_database

State = Message.State
HOSTILE = 'secret"} 1\n# HELP folkmoot_secret \\'


@dataclass(slots=True)
class Measured:
    """A post office whose process counts, and serves what it counted."""

    office: PostOffice
    counted: Metrics

    @property
    def dispatcher(self) -> Dispatcher:
        return Dispatcher(self.office.database, NOTEBOOK, self.office.clock, metrics=self.counted)

    async def deliver(self) -> None:
        office = self.office
        await Delivery(
            office.database, {"fake": office.chat}, NOTEBOOK.views, office.clock, name="worker", metrics=self.counted
        ).drain()

    async def tick(self) -> None:
        await Ticker(self.office.database, self.dispatcher).tick(self.office.clock.now())

    @asynccontextmanager
    async def page(self) -> AsyncIterator[ClientSession]:
        routes = metrics.routes(self.counted.registry, lambda: gauges(self.office.database, self.office.clock))
        async with served(routes) as http:
            yield http

    async def scraped(self) -> tuple[str, Mapping[str, float]]:
        """The page, and its samples by `name{label=value,…}`."""
        async with self.page() as http:
            return await scraped(http)


@asynccontextmanager
async def served(routes: Sequence[RouteDef]) -> AsyncIterator[ClientSession]:
    def mount(app: Application) -> None:
        app.add_routes(routes)

    async with serving("127.0.0.1", 0, [mount]) as port, ClientSession(f"http://127.0.0.1:{port}") as http:
        yield http


async def scraped(http: ClientSession) -> tuple[str, Mapping[str, float]]:
    async with http.get("/metrics") as page:
        assert (page.status, page.headers["Content-Type"].partition(";")[0]) == (200, "text/plain")
        text = await page.text()
    samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
    return text, {
        f"{each.name}{{{','.join(f'{k}={v}' for k, v in sorted(each.labels.items()))}}}": each.value for each in samples
    }


async def measured(database: Database) -> Measured:
    return Measured(PostOffice(database, await a_company(database)), Metrics())


async def test_depth_and_age_are_told_by_platform_traffic_and_state(database: Database) -> None:
    here = await measured(database)
    for state in (State.READY, State.DEAD, State.PARKED, State.UNKNOWN, State.SENDING, State.SHOWN, State.CANCELLED):
        key = await here.office.want("hello")
        async with database.write(SYSTEM) as tx:
            await tx.run(update(Message).where(col(Message.key) == key).values(state=state))
    here.office.clock.move_to(NOON + timedelta(minutes=5))
    await here.office.want("younger")
    _text, samples = await here.scraped()
    depths = {name: value for name, value in samples.items() if name.startswith("folkmoot_messages")}
    ages = {name: value for name, value in samples.items() if name.startswith("folkmoot_oldest_message_seconds")}
    labels = "{platform=fake,state=%s,traffic=summary}"
    assert depths == {
        f"folkmoot_messages{labels % state}": 2.0 if state == "ready" else 1.0
        for state in ("ready", "sending", "unknown", "parked", "dead")
    }
    assert set(ages.values()) == {300.0}
    assert len(ages) == 5


async def test_attempts_are_counted_by_what_became_of_them(database: Database) -> None:
    here = await measured(database)
    office = here.office
    for problem in (None, Refused("no"), NotSent("no"), MaybeSent("no"), RateLimited("fake", retry_after_s=60)):
        office.chat.faults = [] if problem is None else [Fault(problem)]
        await office.want("hello")
        await here.deliver()
    _text, samples = await here.scraped()
    attempts = {
        name.partition("outcome=")[2].partition(",")[0]: value
        for name, value in samples.items()
        if name.startswith("folkmoot_attempts_total")
    }
    assert attempts == {"shown": 1, "dead": 1, "again": 1, "unknown": 1, "throttled": 1}
    assert samples["folkmoot_resting_lanes{platform=fake,traffic=summary}"] == 1


async def test_how_long_a_message_was_due_before_it_stood_there_is_measured(database: Database) -> None:
    here = await measured(database)
    await here.office.want("hello")
    here.office.clock.move_to(NOON + timedelta(seconds=20))
    await here.deliver()
    _text, samples = await here.scraped()
    lane = "platform=fake,traffic=summary"
    assert samples[f"folkmoot_due_to_shown_seconds_sum{{{lane}}}"] == 20
    assert samples[f"folkmoot_due_to_shown_seconds_bucket{{le=10.0,{lane}}}"] == 0
    assert samples[f"folkmoot_due_to_shown_seconds_bucket{{le=30.0,{lane}}}"] == 1


async def test_a_replacement_does_not_count_as_shown_late(sqlite: Database) -> None:
    here = await measured(sqlite)
    key = await here.office.want("hello")
    await here.deliver()
    here.office.clock.move_to(NOON + timedelta(hours=1))
    await here.office.edit(key, "hello again")
    await here.deliver()
    _text, samples = await here.scraped()
    assert samples["folkmoot_due_to_shown_seconds_count{platform=fake,traffic=summary}"] == 1


async def test_the_acknowledgement_of_each_event_is_measured_by_how_it_ended(database: Database) -> None:
    here = await measured(database)
    await here.dispatcher.handle(an_event("ada", "a note"))
    await here.dispatcher.handle(an_event("ada", "crash now", event="event-2"))
    _text, samples = await here.scraped()
    counts = {name: value for name, value in samples.items() if "acknowledgement_seconds_count" in name}
    assert counts == {
        f"folkmoot_acknowledgement_seconds_count{{action=text,platform=fake,result={result}}}": 1
        for result in ("handled", "failed")
    }


async def test_steps_that_were_done_missed_or_wait_are_told(database: Database) -> None:
    here = await measured(database)
    async with acting(database, here.office.company) as tx:
        plans = (Plan("missed", "round", 1, NOON - timedelta(hours=1)), Plan("done", "round", 1, NOON))
        await record(tx, Replies(plan=plans), event_id=None, now=NOON)
    here.office.clock.move_to(NOON + timedelta(minutes=1))
    _text, waiting = await here.scraped()
    await here.tick()
    _text, after = await here.scraped()
    assert (waiting["folkmoot_clock_lag_seconds{}"], after["folkmoot_clock_lag_seconds{}"]) == (3660, 0)
    assert (
        after["folkmoot_steps_total{kind=round,state=missed}"],
        after["folkmoot_steps_total{kind=round,state=done}"],
    ) == (1, 1)
    assert after["folkmoot_step_late_seconds_sum{kind=round}"] == 3660 + 60


async def test_how_long_ago_the_clock_wrote_down_where_it_stands_is_told(sqlite: Database) -> None:
    here = await measured(sqlite)
    await remember(sqlite, SimulatedClock(NOON))
    here.office.clock.move_to(NOON + timedelta(seconds=42))
    _text, samples = await here.scraped()
    assert samples["folkmoot_clock_remembered_seconds{}"] == 42


async def test_nothing_that_people_wrote_no_name_and_no_key_is_on_the_page(database: Database) -> None:
    here = await measured(database)
    office = here.office
    async with acting(database, office.company) as tx:
        (await tx.need(Person, office.company.people["ada"].id)).name = HOSTILE
        (await tx.need(Place, office.company.channel.id)).name = HOSTILE
    for problem in (None, Refused(HOSTILE), CannotLook(HOSTILE), ValueError(HOSTILE)):
        office.chat.faults = [] if problem is None else [Fault(problem)]
        await office.want(HOSTILE)
        await office.want(HOSTILE, to=office.company.people["ada"])
        await here.deliver()
    event = an_event("ada", f"crash {HOSTILE}", event=HOSTILE)
    await here.dispatcher.handle(replace(event, conversation=HOSTILE, room_name=HOSTILE))
    text, _samples = await here.scraped()
    assert [
        word for word in ("secret", "note:", "Northwater", "tenant", "everybody", "dana", "event-") if word in text
    ] == []


async def test_scraping_again_and_doing_the_same_again_adds_no_series(sqlite: Database) -> None:
    here = await measured(sqlite)
    async with here.page() as http:
        sizes = []
        for number in range(4):
            await here.office.want(f"note {number}", to=here.office.company.people["dana"])
            await here.dispatcher.handle(an_event(f"newcomer-{number}", "a note", event=f"event-{number}"))
            await here.deliver()
            sizes.append(len((await scraped(http))[1]))
            sizes.append(len((await scraped(http))[1]))
    assert len(set(sizes)) == 1


async def test_while_the_database_is_away_the_page_has_the_figures_of_the_process(
    postgres_base: str, postgres_template: str
) -> None:
    url = new_database(postgres_base, postgres_template)
    database = Database(url)
    here = await measured(database)
    await here.dispatcher.handle(an_event("ada", "a note"))
    async with here.page() as http:
        whole = (await scraped(http))[1]
        drop_database(url)
        rest = (await scraped(http))[1]
    await database.close()
    assert "folkmoot_clock_lag_seconds{}" in whole
    assert rest["folkmoot_acknowledgement_seconds_count{action=text,platform=fake,result=handled}"] == 1
    assert [name for name in rest if name.startswith(("folkmoot_clock", "folkmoot_messages"))] == []


async def test_a_database_that_never_answers_does_not_hold_the_page_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "ANSWER_S", 0.05)
    counted = Metrics()
    async with silent_server() as url, asyncio.timeout(20):
        database = Database(url)
        routes = metrics.routes(counted.registry, lambda: gauges(database, SimulatedClock(NOON)))
        async with served(routes) as http:
            _text, samples = await scraped(http)
        await database.close()
    assert "folkmoot_beat_seconds_count{}" in samples
    assert [name for name in samples if name.startswith("folkmoot_clock")] == []
