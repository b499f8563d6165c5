"""How an event may end: what its sender is told, how often it was tried, and under which name it is counted."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import pytest

from bot.chat.cards import says
from bot.chat.events import Said
from bot.chat.replies import Answer, Replies
from bot.chat.routing import Routes
from bot.dispatch import Dispatcher
from bot.listening import TRIES, UnknownTenant
from bot.metrics import Metrics
from bot.ports import Incoming, Press, TookTooLong
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.errors import Conflict, Full
from storage.organisations import Install
from storage.tx import Tx
from tests.support.company import NOON, a_company, acting, an_event
from tests.support.notebook import NOTEBOOK
from tests.support.patience import PLENTY_S
from tests.support.reading import words_of


class Moody:
    """A handler that raises so many times before it does what it is asked."""

    def __init__(self, mood: Callable[[], Exception], times: int) -> None:
        self._mood, self._times, self.tries = mood, times, 0

    async def said(self, event: Said, _tx: Tx, _now: datetime) -> Replies:
        self.tries += 1
        if self.tries <= self._times:
            raise self._mood()
        await asyncio.sleep(30 if event.text == "slowly" else 0)
        return Replies(answer=Answer(says("Done")))

    def dispatcher(self, database: Database, metrics: Metrics | None = None) -> Dispatcher:
        routes = Routes(said=self.said, views=NOTEBOOK.views)
        return Dispatcher(database, routes, SimulatedClock(NOON), metrics=metrics)


def text_of(answer: Answer | None) -> str:
    assert answer is not None
    return words_of(answer.content)  # type: ignore[arg-type]


async def test_who_comes_into_each_other_s_way_is_tried_four_times_and_then_told(sqlite: Database) -> None:
    await a_company(sqlite)
    lucky, luckless = Moody(Conflict, TRIES - 1), Moody(Conflict, TRIES)
    assert text_of(await lucky.dispatcher(sqlite).handle(an_event("ada", "hello"))) == "Done"
    told = text_of(await luckless.dispatcher(sqlite).handle(an_event("ada", "hello", event="event-2")))
    assert "somebody else changed the same thing at the same moment" in told
    assert (lucky.tries, luckless.tries, TRIES) == (4, 4, 4)


async def test_what_is_wrong_for_good_is_tried_once(sqlite: Database) -> None:
    await a_company(sqlite)
    for problem in (Full, ZeroDivisionError):
        broken = Moody(problem, 1)
        await broken.dispatcher(sqlite).handle(an_event("ada", "hello"))
        assert broken.tries == 1


@pytest.mark.parametrize(("mood", "event", "result"), [
    (None, an_event("ada", "hello"), "handled"),
    (None, an_event("ada", Press("unheard_of", {})), "handled"),  # refused, in good order
    (ZeroDivisionError, an_event("ada", "hello"), "failed"),
    (Full, an_event("ada", "hello"), "unsaved"),
    (None, an_event("ada", "hello", company="Elsewhere"), "unknown_tenant"),
    (None, an_event("ada", "slowly"), "took_too_long"),
])  # fmt: skip
async def test_each_end_is_counted_under_its_name(
    sqlite: Database, mood: Callable[[], Exception] | None, event: Incoming, result: str
) -> None:
    await a_company(sqlite)
    metrics = Metrics()
    moody = Moody(mood or Conflict, 1 if mood else 0)
    began = time.monotonic()
    with suppress(UnknownTenant, TookTooLong):
        within_s = 1 if result == "took_too_long" else PLENTY_S
        await moody.dispatcher(sqlite, metrics).handle(event, within_s=within_s)
    labels = {"platform": event.platform, "action": type(event.action).__name__.lower(), "result": result}
    name = "folkmoot_acknowledgement_seconds"
    assert metrics.registry.get_sample_value(f"{name}_count", labels) == 1
    took_s = metrics.registry.get_sample_value(f"{name}_sum", labels)
    assert took_s is not None
    assert 0 < took_s <= time.monotonic() - began
    counted = [each.labels["result"] for metric in metrics.registry.collect() for each in metric.samples
               if each.name == f"{name}_count"]  # fmt: skip
    assert counted == [result]


async def test_a_workspace_of_the_same_name_on_another_platform_is_another_one(sqlite: Database) -> None:
    company = await a_company(sqlite)
    event = an_event("ada", "hello")
    async with acting(sqlite, company, "ada") as tx:
        tx.add(Install(platform="elsewhere", external_id=event.tenant, name="Namesake"))
    dispatcher = Moody(Conflict, 0).dispatcher(sqlite)
    assert text_of(await dispatcher.handle(event)) == "Done"
    told = text_of(await dispatcher.handle(replace(event, platform="elsewhere", event_id="event-2")))
    assert told == "Done", "Ada there is somebody else, met for the first time"
    with pytest.raises(UnknownTenant):
        await dispatcher.handle(replace(event, platform="nowhere"))
