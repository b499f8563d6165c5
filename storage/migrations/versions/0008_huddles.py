"""Huddles set up in full: their rhythm, their questions, who takes part and how their summary is read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _added() -> dict[str, tuple[sa.Column[object], ...]]:
    """New columns of the tables that are there, made anew each time: a column belongs to one table."""
    return {
        "organisation": (sa.Column("gamification", sa.Boolean(), server_default=sa.true(), nullable=False),),
        "huddle": (
            sa.Column("former", DOCUMENT, server_default="[]", nullable=False),
            sa.Column("every_weeks", sa.Integer(), server_default="1", nullable=False),
            sa.Column("anchor_on", sa.Date(), nullable=True),
            sa.Column("from_on", sa.Date(), nullable=True),
            sa.Column("until_on", sa.Date(), nullable=True),
            sa.Column("asks_in", sa.String(32), server_default="direct", nullable=False),
            sa.Column("grouped_by", sa.String(32), server_default="topic", nullable=False),
            sa.Column("shows_streak", sa.Boolean(), server_default=sa.true(), nullable=False),
            sa.Column("streak_kept", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("resumes_on", sa.Date(), nullable=True),
        ),
        "huddle_run": (
            sa.Column("questions", DOCUMENT, server_default="[]", nullable=False),
            sa.Column("asks_in", sa.String(32), server_default="direct", nullable=False),
            sa.Column("target_percent", sa.Integer(), server_default="80", nullable=False),
        ),
        "expectation": (sa.Column("is_optional", sa.Boolean(), server_default=sa.false(), nullable=False),),
    }


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    for name in ("questions", "target_percent"):
        op.execute(f"UPDATE huddle_run SET {name} = (SELECT {name} FROM huddle WHERE huddle.id = huddle_run.huddle_id)")
    op.create_table(
        "huddle_part",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("huddle_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["huddle_id"], ["huddle.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("huddle_id", "person_id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("huddle_part", schema=None) as batch_op:
        for name in ("organisation_id", "huddle_id", "person_id"):
            batch_op.create_index(batch_op.f(f"ix_huddle_part_{name}"), [name], unique=False)


def downgrade() -> None:
    # The older program knows none of these messages.
    op.execute("DELETE FROM message WHERE view IN ('huddle.novelty', 'huddle.quiet')")
    op.drop_table("huddle_part")
    # Not in a batch: on SQLite that makes the table anew, which fails where other rows refer to its rows.
    for table, columns in _added().items():
        for column in reversed(columns):
            op.drop_column(table, column.name)
