"""Alembic's entry: runs on the connection that `storage.schema` hands in."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON

from storage.columns import Utc, Word
from storage.schema import METADATA


def rendered(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration must not change when our own types do, so it names the plain ones under them."""
    if kind != "type":
        return False
    if isinstance(item, Utc):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Word):
        return "sa.String(32)"
    if isinstance(item, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if type(item).__name__ == "AutoString":
        return "sa.String()"
    return False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, render_item=rendered)
with context.begin_transaction():
    context.run_migrations()
