"""Fixtures for all tests; those for PostgreSQL and the browser are in tests/support/fixtures.py."""

pytest_plugins = [
    "tests.requirements.plugin",
    "tests.support.fixtures",
    "tests.support.compiled",
    "tests.support.databases",
    "tests.support.patience",
    "tests.support.served",
]
