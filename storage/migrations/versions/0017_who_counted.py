"""Who counted for the quorum of a meeting, as it was then."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("council_meeting", sa.Column("quorum_filled", sa.Integer(), nullable=True))
    op.add_column("presence", sa.Column("decides", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("presence", "decides")
    op.drop_column("council_meeting", "quorum_filled")
