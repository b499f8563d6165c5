"""Shaken walls: parked messages, rests in a row, parked rhythms, troubles that were told."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trouble",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "row_id", "hour"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("trouble") as batch_op:
        batch_op.create_index(batch_op.f("ix_trouble_hour"), ["hour"], unique=False)
        batch_op.create_index(batch_op.f("ix_trouble_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("cadence") as batch_op:
        batch_op.add_column(sa.Column("parked", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("lane") as batch_op:
        batch_op.add_column(sa.Column("throttled", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("message") as batch_op:
        batch_op.add_column(sa.Column("reposts", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("looks", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index(
            "message_trouble",
            ["state"],
            unique=False,
            postgresql_where=sa.text("state = 'dead' or state = 'unknown' or state = 'parked'"),
            sqlite_where=sa.text("state = 'dead' or state = 'unknown' or state = 'parked'"),
        )


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE view = 'operation.trouble'")
    op.execute("DELETE FROM occurrence WHERE kind = 'operation.report' AND state = 'planned'")
    op.execute("UPDATE message SET state = 'dead' WHERE state = 'parked'")
    # Not in a batch: on SQLite that makes the table anew, which fails where other rows refer to its rows.
    op.drop_index("message_trouble", table_name="message")
    op.drop_column("message", "looks")
    op.drop_column("message", "reposts")
    op.drop_column("lane", "throttled")
    op.drop_column("cadence", "parked")
    op.drop_table("trouble")
