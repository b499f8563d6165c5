"""One person, several platforms."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # No foreign key, because SQLite adds none without making the table anew.
    op.add_column("person", sa.Column("merged_into", NUMBER, nullable=True))
    op.create_table(
        "account_code",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_by", NUMBER, nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["typed_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_account_code_organisation_id"), "account_code", ["organisation_id"], unique=False)
    op.create_table(
        "wrong_codes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("newest_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_wrong_codes_organisation_id"), "wrong_codes", ["organisation_id"], unique=False)


def downgrade() -> None:
    # The older program knows neither these steps nor these messages.
    op.execute("DELETE FROM occurrence WHERE kind LIKE 'account.%'")
    op.execute("DELETE FROM message WHERE view LIKE 'account.%'")
    op.drop_table("wrong_codes")
    op.drop_table("account_code")
    op.drop_column("person", "merged_into")
