"""Every table at once, and whether a database has them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, select
from sqlmodel import SQLModel

from storage import (
    accounts,
    actions,
    agenda,
    audit,
    blockers,
    cadences,
    councils,
    customers,
    decisions,
    events,
    first_days,
    huddles,
    importing,
    initiatives,
    links,
    local,
    mail,
    measures,
    meetings,
    messages,
    minutes,
    mornings,
    msteams,
    organisations,
    passes,
    people,
    places,
    quiet,
    ranking,
    searching,
    slack,
    teams,
    training,
    troubles,
    tx,
    weekly,
)
from storage.errors import Newer, Older

MIGRATION_LOCK = 0x466F6C6B  # "Folk": any number that nothing else in the database locks by
METADATA = SQLModel.metadata
TABLES = (
    accounts,
    actions,
    agenda,
    audit,
    blockers,
    cadences,
    councils,
    customers,
    decisions,
    events,
    first_days,
    huddles,
    importing,
    initiatives,
    links,
    local,
    mail,
    measures,
    meetings,
    messages,
    minutes,
    mornings,
    msteams,
    organisations,
    passes,
    people,
    places,
    quiet,
    ranking,
    searching,
    slack,
    teams,
    training,
    troubles,
    tx,
    weekly,
)
"""The modules that declare tables; imported here so that METADATA is whole."""


def migrate(engine: Engine) -> None:
    """Brings the database to this program's version. Raises: Newer."""
    _known(found_version(engine))
    config = _config()
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Processes that start at once migrate one after another; on SQLite the write lock sees to that.
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(engine: Engine) -> None:
    """Raises: Older or Newer when the database is not at this program's version."""
    found = found_version(engine)
    _known(found)
    if found != wanted_version():
        raise Older(found)


def found_version(engine: Engine) -> str:
    """The version the database says it is at; empty before the first migration."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def wanted_version() -> str:
    """The version this program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def _known(found: str) -> None:
    if found and found not in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}:
        raise Newer(found)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
