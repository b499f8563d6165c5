"""What customers say and what is measured, as far as councils need it."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def _added() -> dict[str, tuple[sa.Column[Any], ...]]:
    """What tables get: no foreign keys, because SQLite adds and drops none without making the table anew."""
    return {
        "measure": (
            sa.Column("kind", sa.String(32), server_default="rate", nullable=False),
            sa.Column("question", sa.String(), server_default="", nullable=False),
            sa.Column("scale_min", sa.Integer(), nullable=True),
            sa.Column("scale_max", sa.Integer(), nullable=True),
            sa.Column("top_from", sa.Integer(), nullable=True),
            sa.Column("department_id", NUMBER, nullable=True),
            sa.Column("objective_id", NUMBER, nullable=True),
            sa.Column("pair_id", NUMBER, nullable=True),
            sa.Column("financial_outcome", sa.String(), server_default="", nullable=False),
            sa.Column("target", sa.Numeric(14, 4), nullable=True),
            sa.Column("amber_at", sa.Numeric(14, 4), nullable=True),
            sa.Column("better", sa.String(32), server_default="up", nullable=False),
            sa.Column("frequency", sa.String(32), server_default="daily", nullable=False),
            sa.Column("headline", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("hard", sa.Boolean(), server_default=sa.true(), nullable=False),
        ),
        "reading": (
            sa.Column("from_on", sa.Date(), nullable=True),
            sa.Column("n", sa.Integer(), nullable=True),
            sa.Column("parts", DOCUMENT, nullable=True),
            sa.Column("reason", sa.String(), server_default="", nullable=False),
        ),
        "voc_item": (
            sa.Column("stage", sa.String(), server_default="", nullable=False),
            sa.Column("score", sa.Integer(), nullable=True),
            sa.Column("is_high", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("shown_in", NUMBER, nullable=True),
        ),
    }


def _noun() -> tuple[SchemaItem, ...]:
    return (
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE measure SET kind = 'duration', better = 'down' WHERE unit = 'seconds'")
    op.execute("UPDATE measure SET kind = 'count' WHERE unit = 'number'")
    op.create_index("reading_newest", "reading", ["measure_id", "period_on"], unique=False)
    op.create_table(
        "measure_conflict",
        *_noun(),
        sa.Column("one_id", NUMBER, nullable=False),
        sa.Column("other_id", NUMBER, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("raised_by", NUMBER, nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("decision_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["one_id"], ["measure.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["measure.id"]),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"]),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_measure_conflict_one_id"), "measure_conflict", ["one_id"], unique=False)
    op.create_index(op.f("ix_measure_conflict_other_id"), "measure_conflict", ["other_id"], unique=False)
    op.create_table(
        "best_practice",
        *_noun(),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("department_id", NUMBER, nullable=False),
        sa.Column("author_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"]),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"]),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "adoption",
        *_noun(),
        sa.Column("practice_id", NUMBER, nullable=False),
        sa.Column("department_id", NUMBER, nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("answered_by", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["best_practice.id"]),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"]),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"]),
        sa.UniqueConstraint("practice_id", "department_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "research_note",
        *_noun(),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("about", sa.String(32), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("author_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"]),
        sqlite_autoincrement=True,
    )
    op.create_index("research_note_newest", "research_note", ["organisation_id", "created_at"], unique=False)
    for table in ("measure_conflict", "best_practice", "adoption", "research_note"):
        op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"], unique=False)


def downgrade() -> None:
    # The older program knows neither these messages nor these units.
    op.execute("DELETE FROM message WHERE view LIKE 'practice.%'")
    op.execute("UPDATE measure SET unit = 'number' WHERE unit NOT IN ('percent', 'number', 'seconds')")
    for table in ("research_note", "adoption", "best_practice", "measure_conflict"):
        op.drop_table(table)
    op.drop_index("reading_newest", table_name="reading")
    for table, columns in _added().items():
        for column in columns:
            op.drop_column(table, column.name)
