"""Blockers go up: how far each has, who was asked about it, and who helps."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STEPS = ("blocker.watch", "blocker.stopped")
VIEWS = ("blocker.card", "blocker.up", "blocker.news")


def upgrade() -> None:
    op.add_column("blocker", sa.Column("tier", sa.Integer(), server_default="1", nullable=False))
    op.add_column("blocker", sa.Column("told_tier", sa.Integer(), server_default="0", nullable=False))
    op.add_column("blocker", sa.Column("told_on", sa.Date(), nullable=True))
    op.create_table(
        "blocker_helper",
        *_of_a_noun(),
        sa.Column("blocker_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        *_of_a_blocker_and_a_person(),
        sa.UniqueConstraint("blocker_id", "person_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "blocker_ask",
        *_of_a_noun(),
        sa.Column("blocker_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("tier", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked_by", NUMBER, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        *_of_a_blocker_and_a_person(),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"]),
        sqlite_autoincrement=True,
    )
    for table in ("blocker_helper", "blocker_ask"):
        for column in ("organisation_id", "blocker_id", "person_id"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.create_index("blocker_ask_of", "blocker_ask", ["organisation_id", "person_id", "asked_at"], unique=False)
    _watched()


def _of_a_noun() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def _of_a_blocker_and_a_person() -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["blocker_id"], ["blocker.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )


def _watched() -> None:
    """What is open already is looked after from the next step of the clock on, once for each team.

    The step finds by itself which time of which day it should have been. What has been open for long goes up one tier
    a day, like anything else.
    """
    op.execute(
        "INSERT INTO occurrence (organisation_id, key, kind, subject_id, due_at, state, late_s, attempts, outcome) "
        "SELECT DISTINCT blocker.organisation_id, 'first blocker.watch of ' || blocker.team_id, 'blocker.watch', "
        "blocker.team_id, COALESCE((SELECT max(ticked_at) FROM clock_state), CURRENT_TIMESTAMP), 'planned', 0, 0, '' FROM blocker WHERE blocker.state <> 'resolved'"
    )


def downgrade() -> None:
    # The older program knows neither these steps nor these messages, nor what has gone up.
    for kind in STEPS:
        op.execute(f"DELETE FROM occurrence WHERE kind = '{kind}'")
    for view in VIEWS:
        op.execute(f"DELETE FROM message WHERE view = '{view}'")
    op.execute("UPDATE blocker SET state = 'acknowledged' WHERE state = 'escalated' AND taken_by IS NOT NULL")
    op.execute("UPDATE blocker SET state = 'raised' WHERE state = 'escalated'")
    op.drop_table("blocker_ask")
    op.drop_table("blocker_helper")
    # Not in a batch: on SQLite that makes the table anew, which fails where other rows refer to its rows.
    op.drop_column("blocker", "told_on")
    op.drop_column("blocker", "told_tier")
    op.drop_column("blocker", "tier")
