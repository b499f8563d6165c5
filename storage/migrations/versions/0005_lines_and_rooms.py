"""Lines that people change or take back, rooms that are shut, and who somebody is in their directory."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("place", sa.Column("is_open", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("account", sa.Column("directory_id", sa.String(), server_default="", nullable=False))
    op.add_column("event_seen", sa.Column("message", sa.String(), server_default="", nullable=False))
    op.add_column("huddle_answer", sa.Column("event_id", NUMBER, nullable=True))
    op.add_column("huddle_answer", sa.Column("lines", DOCUMENT, server_default="[]", nullable=False))
    op.create_index(op.f("ix_huddle_answer_event_id"), "huddle_answer", ["event_id"], unique=False)


def downgrade() -> None:
    # The older program knows neither this step nor this message.
    op.execute("DELETE FROM occurrence WHERE kind = 'team.room'")
    op.execute("DELETE FROM message WHERE view = 'team.room'")
    op.drop_index(op.f("ix_huddle_answer_event_id"), table_name="huddle_answer")
    # Not in a batch: on SQLite that makes the table anew, which fails where other rows refer to its rows.
    op.drop_column("huddle_answer", "lines")
    op.drop_column("huddle_answer", "event_id")
    op.drop_column("event_seen", "message")
    op.drop_column("account", "directory_id")
    op.drop_column("place", "is_open")
