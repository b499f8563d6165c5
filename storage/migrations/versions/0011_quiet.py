"""Quiet hours, numbers of messages and digests, deputies, and what somebody's status suggests."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _added() -> dict[str, tuple[sa.Column[Any], ...]]:
    """What tables get: no foreign keys, because SQLite adds and drops none without making the table anew."""
    return {
        "organisation": (
            sa.Column("quiet_from", sa.Time(), server_default="18:30:00", nullable=False),
            sa.Column("quiet_to", sa.Time(), server_default="07:30:00", nullable=False),
            sa.Column("messages_a_day", sa.Integer(), server_default="6", nullable=False),
        ),
        "person": (
            sa.Column("quiet_from", sa.Time(), nullable=True),
            sa.Column("quiet_to", sa.Time(), nullable=True),
            sa.Column("messages_a_day", sa.Integer(), nullable=True),
            sa.Column("reminders", sa.Boolean(), server_default=sa.true(), nullable=False),
        ),
        "team": (sa.Column("deputy_id", NUMBER, nullable=True),),
        "message": (
            sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("put_off_from", sa.DateTime(timezone=True), nullable=True),
            sa.Column("put_off_why", sa.String(), server_default="", nullable=False),
            sa.Column("counted_on", sa.Date(), nullable=True),
            sa.Column("day_id", NUMBER, nullable=True),
        ),
    }


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index(op.f("ix_message_day_id"), "message", ["day_id"], unique=False)
    op.create_table(
        "direct_day",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("sent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "on"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_direct_day_organisation_id"), "direct_day", ["organisation_id"], unique=False)
    op.create_table(
        "status_hint",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_status_hint_organisation_id"), "status_hint", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_status_hint_person_id"), "status_hint", ["person_id"], unique=False)


def downgrade() -> None:
    # The older program knows neither these messages nor what it means to be set aside.
    op.execute("DELETE FROM message WHERE view IN ('quiet.digest', 'quiet.status')")
    op.execute("UPDATE message SET state = 'ready' WHERE state = 'held'")
    op.drop_table("status_hint")
    op.drop_table("direct_day")
    op.drop_index(op.f("ix_message_day_id"), table_name="message")
    # Not in a batch: on SQLite that makes the table anew, which fails where other rows refer to its rows.
    for table, columns in reversed(_added().items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)
