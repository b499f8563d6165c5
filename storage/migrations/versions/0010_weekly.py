"""Weekly follow-ups."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _noun() -> list[sa.Column[object]]:
    """What every row that people change has."""
    return [
        sa.Column("id", _number(), nullable=False),
        sa.Column("organisation_id", _number(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", _number(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def _indexed(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in ("organisation_id", *columns):
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def upgrade() -> None:
    op.create_table(
        "weekly",
        *_noun(),
        sa.Column("team_id", _number(), nullable=False),
        sa.Column("weekday", sa.String(), nullable=False),
        sa.Column("at_time", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("team_id"),
        sqlite_autoincrement=True,
    )
    _indexed("weekly")
    op.create_table(
        "weekly_run",
        *_noun(),
        sa.Column("team_id", _number(), nullable=False),
        sa.Column("iso_year", sa.Integer(), nullable=False),
        sa.Column("iso_week", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("meets_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", _number(), nullable=True),
        sa.Column("praise", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("team_id", "iso_year", "iso_week"),
        sqlite_autoincrement=True,
    )
    _indexed("weekly_run")
    op.create_table(
        "weekly_update",
        *_noun(),
        sa.Column("run_id", _number(), nullable=False),
        sa.Column("person_id", _number(), nullable=False),
        sa.Column("done", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["run_id"], ["weekly_run.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("run_id", "person_id"),
        sqlite_autoincrement=True,
    )
    _indexed("weekly_update", "person_id")
    op.create_table(
        "road_bump",
        *_noun(),
        sa.Column("team_id", _number(), nullable=False),
        sa.Column("person_id", _number(), nullable=False),
        sa.Column("run_id", _number(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("blocker_id", _number(), nullable=True),
        sa.ForeignKeyConstraint(["blocker_id"], ["blocker.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["run_id"], ["weekly_run.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    _indexed("road_bump", "person_id", "team_id")
    op.create_table(
        "weekly_goal",
        *_noun(),
        sa.Column("run_id", _number(), nullable=False),
        sa.Column("person_id", _number(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("action_id", _number(), nullable=True),
        sa.Column("result", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["run_id"], ["weekly_run.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    _indexed("weekly_goal", "person_id", "run_id")


def downgrade() -> None:
    for table in ("weekly_goal", "road_bump", "weekly_update", "weekly_run", "weekly"):
        op.drop_table(table)
