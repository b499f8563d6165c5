"""What a start of the program does is done once for all tests: statements and templates are compiled, zones listed."""

import gc
from collections.abc import Iterator
from functools import cache, partial
from typing import Any
from zoneinfo import available_timezones

import pytest
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache

from adapters.local import render
from adapters.slack import installing
from adapters.teams import directory
from storage import engine as storage_engine

NEW_OBJECTS = 20_000  # until the garbage collector looks at them; a test makes hundreds of thousands, none in a circle
STATEMENTS = 5000  # more than the program has for both kinds of database


class Compiled:
    """Opens databases that know what the ones before them compiled.

    A cached statement belongs to a dialect, so that is shared as well: the first that has met its server.
    """

    def __init__(self) -> None:
        self._met: dict[str, Dialect] = {}
        self._statements: LRUCache[Any, Any] = LRUCache(STATEMENTS)

    def engine(self, url: URL, **options: Any) -> AsyncEngine:
        """What SQLAlchemy's `create_async_engine` gives, with that knowledge."""
        opened = create_async_engine(url, **options)
        self._share(opened.sync_engine)
        return opened

    def _share(self, engine: Engine) -> None:
        engine._compiled_cache = self._statements  # noqa: SLF001 -- an option takes a size, not a cache
        own = engine.dialect
        if own.driver in self._met:
            engine.dialect = self._met[own.driver]
        else:
            # Comes after SQLAlchemy's own look at the server.
            event.listen(engine, "connect", lambda *_: self._met.setdefault(own.driver, own), once=True)


class Templates(BytecodeCache):
    """What the templates of the local chat became."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def pytest_collection_finish() -> None:
    """What was loaded for the tests stays, so the garbage collector need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """For every database that the program opens in this process, every local chat and everybody's zone."""
    zones = cache(available_timezones)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage_engine, "create_async_engine", Compiled().engine)
        patch.setattr(render, "Environment", partial(Environment, bytecode_cache=Templates()))
        patch.setattr(directory, "available_timezones", zones)
        patch.setattr(installing, "available_timezones", zones)
        yield
