"""What initiatives bring in money, days that charters take, and which departments face the customer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MONEY = ("call_cost", "visit_cost", "extra_cost", "one_off")


def upgrade() -> None:
    op.create_table(
        "business_case",
        *_of_a_noun(),
        sa.Column("initiative_id", NUMBER, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=True),
        *(sa.Column(name, NUMBER, nullable=True) for name in MONEY),
        sa.Column("repeats_now", sa.Integer(), nullable=True),
        sa.Column("repeats_then", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("can_repeat", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("initiative_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_business_case_organisation_id"), "business_case", ["organisation_id"], unique=False)
    _rankings()
    op.add_column("charter", sa.Column("days_per_month", sa.Integer(), nullable=True))
    op.add_column("department", sa.Column("side", sa.String(32), nullable=True))


def _rankings() -> None:
    op.create_table(
        "ranking_round",
        *_of_a_noun(),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("opened_by", NUMBER, nullable=False),
        sa.Column("initiatives", DOCUMENT, nullable=False),
        sa.Column("invited", DOCUMENT, nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("ratings", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation_id", "code"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ballot",
        *_of_a_noun(),
        sa.Column("round_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("tiers", DOCUMENT, nullable=False),
        sa.Column("hard", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["round_id"], ["ranking_round.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "person_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ranking_round_organisation_id"), "ranking_round", ["organisation_id"], unique=False)
    for column in ("organisation_id", "person_id"):
        op.create_index(op.f(f"ix_ballot_{column}"), "ballot", [column], unique=False)


def _of_a_noun() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("department", "side")
    op.drop_column("charter", "days_per_month")
    op.drop_table("ballot")
    op.drop_table("ranking_round")
    op.drop_table("business_case")
