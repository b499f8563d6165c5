"""Fixtures for what a machine may lack: a PostgreSQL server and a browser.

Where one is missing, the tests that need it are skipped with a line that says what to install; with CI=true they fail.
"""

import inspect
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NoReturn

import hypothesis
import pytest
import structlog
from playwright.sync_api import Browser

from tests.support.chromium import BrowserMissing, open_browser
from tests.support.memory import in_memory
from tests.support.postgres import PostgresMissing, cluster

MARKED_BY_FIXTURE = {"browser": "browser", "postgres_base": "postgres"}

MEMORY_NEEDED = 500_000_000  # bytes free for databases and browser profiles, far more than a run uses

OPEN_BROWSER = pytest.StashKey[tuple[ExitStack, Browser]]()
NEXT_TEST = pytest.StashKey[pytest.Item | None]()


def pytest_configure(config: pytest.Config) -> None:
    # No deadline: a busy machine is not a failure. In CI the same examples each time: a red run can be repeated.
    hypothesis.settings.register_profile("folkmoot", deadline=None, derandomize=_in_ci(), print_blob=True)
    hypothesis.settings.load_profile(config.getoption("--hypothesis-profile") or "folkmoot")
    memory = in_memory(MEMORY_NEEDED)
    if memory is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture in _fixtures(item) & MARKED_BY_FIXTURE.keys():
            item.add_marker(MARKED_BY_FIXTURE[fixture])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if "browser" in _fixtures(item) and _needs_loop(item):
        pytest.fail("a browser test is a plain function with plain fixtures; see `browser`", pytrace=False)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    item.config.stash[NEXT_TEST] = nextitem


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Logs as short lines on stderr, which pytest shows with a failure; by default structlog draws every variable."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the stderr of the test that runs
    )


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """A command that runs in a test sets the logs up for itself, on a stream that ends with it."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers = root.handlers[:]
    yield
    structlog.configure(**before)
    for each in [each for each in root.handlers if each not in handlers]:
        root.removeHandler(each)
    logging.captureWarnings(capture=False)


@pytest.fixture(scope="session")
def postgres_base() -> Iterator[str]:
    """The base URL of a PostgreSQL server of our own, for `new_database`."""
    with ExitStack() as stack:
        try:
            base_url = stack.enter_context(cluster())
        except PostgresMissing as missing:
            _without(missing)
        yield base_url


@pytest.fixture
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Headless Chromium with no pages, for tests that are plain functions; what a test opens in it is closed after it.

    Playwright keeps an event loop running in this thread, beside which no coroutine can run. So the browser stays open
    only from one browser test to the next in the same file, a test with coroutines is refused it, and a server for it
    runs in a thread or process of its own.
    """
    stash = request.config.stash
    if OPEN_BROWSER not in stash:
        stash[OPEN_BROWSER] = _opened()
    stack, opened = stash[OPEN_BROWSER]
    yield opened
    if opened.is_connected() and _follows(request.node, stash[NEXT_TEST]):
        for context in opened.contexts:
            context.close()
    else:
        del stash[OPEN_BROWSER]
        stack.close()


def _opened() -> tuple[ExitStack, Browser]:
    stack = ExitStack()
    try:
        return stack, stack.enter_context(open_browser())
    except BrowserMissing as missing:
        _without(missing)


def _follows(item: pytest.Item, following: pytest.Item | None) -> bool:
    return following is not None and following.path == item.path and "browser" in _fixtures(following)


def _needs_loop(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    known = item._fixtureinfo.name2fixturedefs  # noqa: SLF001 -- pytest tells a fixture's function nowhere else
    functions = [item.function, *(definition.func for name in item.fixturenames for definition in known.get(name, ()))]
    return any(inspect.iscoroutinefunction(each) or inspect.isasyncgenfunction(each) for each in functions)


def _fixtures(item: pytest.Item) -> set[str]:
    return set(item.fixturenames) if isinstance(item, pytest.Function) else set()


def _without(missing: Exception) -> NoReturn:
    if _in_ci():
        raise pytest.fail.Exception(str(missing), pytrace=False) from None
    raise pytest.skip.Exception(str(missing)) from None


def _in_ci() -> bool:
    return os.environ.get("CI") == "true"
