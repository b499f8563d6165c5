"""Mornings and first days."""

from datetime import date, datetime, time

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "morning",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("at_time", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation_id", "zone", "at_time"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("morning", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_morning_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "morning_choice",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("at_time", sa.Time(), nullable=True),
        sa.Column("is_off", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("morning_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_morning_choice_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "first_days",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("team_id", NUMBER, nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("first_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_first_days_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_first_days_team_id"), ["team_id"], unique=False)

    op.create_table(
        "tried",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "what"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("tried", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tried_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "training_module",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("initiative_id", NUMBER, nullable=True),
        sa.Column("is_builtin", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation_id", "name"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("training_module", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_module_initiative_id"), ["initiative_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_module_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "training_completion",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("module_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["module_id"], ["training_module.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("module_id", "person_id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("training_completion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_completion_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_completion_person_id"), ["person_id"], unique=False)

    _give_mornings()


MORNING = sa.table(
    "morning",
    sa.column("id", NUMBER),
    sa.column("organisation_id", NUMBER),
    sa.column("zone"),
    sa.column("at_time", sa.Time()),
)
CADENCE = sa.table(
    "cadence",
    sa.column("organisation_id", NUMBER),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("updated_at", sa.DateTime(timezone=True)),
    sa.column("version", sa.Integer()),
    sa.column("kind"),
    sa.column("subject_id", NUMBER),
    sa.column("rule"),
    sa.column("starts_at", sa.DateTime()),
    sa.column("zone"),
    sa.column("next_at", sa.DateTime(timezone=True)),
    sa.column("revision", sa.Integer()),
    sa.column("parked"),
)
PERSON = sa.table("person", sa.column("organisation_id", NUMBER), sa.column("zone"), sa.column("active", sa.Boolean()))
ORGANISATION = sa.table("organisation", sa.column("id", NUMBER), sa.column("created_at", sa.DateTime(timezone=True)))
CLOCK = sa.table("clock_state", sa.column("ticked_at", sa.DateTime(timezone=True)))


def _give_mornings() -> None:
    """Everybody who is there already gets a plan for the day from the next morning on, where they live."""
    connection = op.get_bind()
    began = {
        each.id: each.created_at for each in connection.execute(sa.select(ORGANISATION.c.id, ORGANISATION.c.created_at))
    }
    ticked = connection.scalar(sa.select(CLOCK.c.ticked_at))
    lived_in = sa.select(PERSON.c.organisation_id, PERSON.c.zone).where(PERSON.c.active.is_(True)).distinct()
    for organisation_id, zone in connection.execute(lived_in).all():
        connection.execute(sa.insert(MORNING).values(organisation_id=organisation_id, zone=zone, at_time=time(8, 30)))
        same = (MORNING.c.organisation_id == organisation_id, MORNING.c.zone == zone)
        since = ticked or began[organisation_id]
        connection.execute(
            sa.insert(CADENCE).values(
                organisation_id=organisation_id, created_at=since, updated_at=since, version=1, kind="day.plan",
                subject_id=connection.scalar(sa.select(MORNING.c.id).where(*same)), rule="FREQ=DAILY",
                starts_at=datetime.combine(date(2026, 1, 1), time(8, 10)), zone=zone, next_at=since, revision=1, parked="",
            )
        )  # fmt: skip


def downgrade() -> None:
    # The older program knows neither these steps nor these messages.
    op.execute("DELETE FROM occurrence WHERE kind = 'day.plan' OR kind LIKE 'welcome.%'")
    op.execute("DELETE FROM cadence WHERE kind = 'day.plan'")
    op.execute("DELETE FROM message WHERE view = 'day.plan' OR view LIKE 'welcome.%' OR view LIKE 'training.%'")
    for table in ("training_completion", "training_module", "tried", "first_days", "morning_choice", "morning"):
        op.drop_table(table)
