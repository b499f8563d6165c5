"""Councils."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = (
    "council",
    "council_meeting",
    "council_room",
    "seat",
    "agenda_edition",
    "agenda_item",
    "agenda_section",
    "agenda_time",
    "attendance",
    "attention_input",
    "department_report",
    "minutes",
    "correction",
    "decision",
    "presence",
    "council_vote",
    "open_vote",
    "secret_tally",
    "vote_voter",
)


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _document() -> sa.types.TypeEngine[Any]:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _row() -> list[sa.Column[object]]:
    return [
        sa.Column("id", _number(), nullable=False),
        sa.Column("organisation_id", _number(), sa.ForeignKey("organisation.id"), nullable=False),
    ]


def _noun() -> list[sa.Column[object]]:
    """What every row that people change has."""
    return [
        *_row(),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", _number(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "council",
        *_noun(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("at_time", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("length_min", sa.Integer(), nullable=False),
        sa.Column("meets_where", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("chair_id", _number(), nullable=True),
        sa.Column("secretary_id", _number(), nullable=True),
        sa.Column("sponsor_id", _number(), nullable=True),
        sa.Column("quorum", sa.String(32), nullable=False),
        sa.Column("quorum_number", sa.Integer(), nullable=True),
        sa.Column("customer", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["chair_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["secretary_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["sponsor_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation_id", "name"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_council_organisation_id"), "council", ["organisation_id"])
    op.create_table(
        "council_meeting",
        *_noun(),
        sa.Column("council_id", _number(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("slot", sa.DateTime(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("length_min", sa.Integer(), nullable=False),
        sa.Column("meets_where", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("chair_id", _number(), nullable=True),
        sa.Column("secretary_id", _number(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("items_closed", sa.Boolean(), nullable=False),
        sa.Column("quorum_needed", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adjourned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("section", sa.Integer(), nullable=True),
        sa.Column("item_id", _number(), nullable=True),
        sa.Column("steps", _document(), nullable=False),
        sa.ForeignKeyConstraint(["chair_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"]),
        sa.ForeignKeyConstraint(["secretary_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("council_id", "slot"),
        sqlite_autoincrement=True,
    )
    op.create_index("council_meeting_start", "council_meeting", ["council_id", "starts_at"])
    op.create_index(op.f("ix_council_meeting_organisation_id"), "council_meeting", ["organisation_id"])
    op.create_table(
        "council_room",
        *_noun(),
        sa.Column("council_id", _number(), nullable=False),
        sa.Column("place_id", _number(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("council_id", "place_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_council_room_council_id"), "council_room", ["council_id"])
    op.create_index(op.f("ix_council_room_organisation_id"), "council_room", ["organisation_id"])
    op.create_table(
        "seat",
        *_noun(),
        sa.Column("council_id", _number(), nullable=False),
        sa.Column("person_id", _number(), nullable=True),
        sa.Column("department_id", _number(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("can_decide", sa.Boolean(), nullable=False),
        sa.Column("is_senior", sa.Boolean(), nullable=False),
        sa.Column("deputy_id", _number(), nullable=True),
        sa.Column("deputy_can_decide", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"]),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_seat_council_id"), "seat", ["council_id"])
    op.create_index(op.f("ix_seat_organisation_id"), "seat", ["organisation_id"])
    op.create_table(
        "agenda_edition",
        *_noun(),
        sa.Column("meeting_id", _number(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", _number(), nullable=True),
        sa.Column("over_min", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("changes", _document(), nullable=False),
        sa.Column("content", _document(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meeting.id"]),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "number"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_agenda_edition_organisation_id"), "agenda_edition", ["organisation_id"])
    op.create_table(
        "agenda_item",
        *_noun(),
        sa.Column("council_id", _number(), nullable=False),
        sa.Column("meeting_id", _number(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("owner_id", _number(), nullable=True),
        sa.Column("department_id", _number(), nullable=True),
        sa.Column("stance", sa.String(32), nullable=True),
        sa.Column("level", sa.String(32), nullable=True),
        sa.Column("is_customers", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("paper_url", sa.String(), nullable=False),
        sa.Column("initiative_id", _number(), nullable=True),
        sa.Column("hurts_id", _number(), nullable=True),
        sa.Column("starts_id", _number(), nullable=True),
        sa.Column("one_view", sa.String(), nullable=False),
        sa.Column("other_view", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("deferrals", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("carried_from_id", _number(), nullable=True),
        sa.Column("merged_into_id", _number(), nullable=True),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"]),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"]),
        sa.ForeignKeyConstraint(["hurts_id"], ["department.id"]),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"]),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meeting.id"]),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["starts_id"], ["department.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("agenda_item_place", "agenda_item", ["meeting_id", "section", "seq"])
    op.create_index(op.f("ix_agenda_item_council_id"), "agenda_item", ["council_id"])
    op.create_index(op.f("ix_agenda_item_organisation_id"), "agenda_item", ["organisation_id"])
    op.create_table(
        "agenda_section",
        *_noun(),
        sa.Column("meeting_id", _number(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("extended_min", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("is_customers", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meeting.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "section"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_agenda_section_organisation_id"), "agenda_section", ["organisation_id"])
    op.create_table(
        "agenda_time",
        *_noun(),
        sa.Column("meeting_id", _number(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("item_id", _number(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meeting.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_agenda_time_meeting_id"), "agenda_time", ["meeting_id"])
    op.create_index(op.f("ix_agenda_time_organisation_id"), "agenda_time", ["organisation_id"])
    op.create_table(
        "attendance",
        *_noun(),
        sa.Column("meeting_id", _number(), nullable=False),
        sa.Column("seat_id", _number(), nullable=False),
        sa.Column("person_id", _number(), nullable=True),
        sa.Column("rsvp", sa.String(32), nullable=False),
        sa.Column("rsvp_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("deputy_id", _number(), nullable=True),
        sa.Column("deputy_can_decide", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("was_heard", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meeting.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "seat_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attendance_organisation_id"), "attendance", ["organisation_id"])
    op.create_table(
        "attention_input",
        *_noun(),
        sa.Column("meeting_id", _number(), nullable=False),
        sa.Column("customer_reviews", sa.Integer(), nullable=True),
        sa.Column("finance_reviews", sa.Integer(), nullable=True),
        sa.Column("bonus_members", sa.Integer(), nullable=True),
        sa.Column("top_members", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meeting.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attention_input_organisation_id"), "attention_input", ["organisation_id"])
    op.create_table(
        "department_report",
        *_noun(),
        sa.Column("meeting_id", _number(), nullable=False),
        sa.Column("department_id", _number(), nullable=False),
        sa.Column("author_id", _number(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("measures", _document(), nullable=False),
        sa.Column("changed", sa.String(), nullable=False),
        sa.Column("coming", sa.String(), nullable=False),
        sa.Column("help_wanted", sa.String(), nullable=False),
        sa.Column("help_from_id", _number(), nullable=True),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"]),
        sa.ForeignKeyConstraint(["help_from_id"], ["department.id"]),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meeting.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "department_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_department_report_organisation_id"), "department_report", ["organisation_id"])
    op.create_table(
        "minutes",
        *_noun(),
        sa.Column("meeting_id", _number(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("notes", _document(), nullable=False),
        sa.Column("body", _document(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", _number(), nullable=True),
        sa.Column("is_unchecked", sa.Boolean(), nullable=False),
        sa.Column("corrected_why", sa.String(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_in", _number(), nullable=True),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meeting.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "number"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_minutes_organisation_id"), "minutes", ["organisation_id"])
    op.create_table(
        "correction",
        *_noun(),
        sa.Column("minutes_id", _number(), nullable=False),
        sa.Column("by_id", _number(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_correction_minutes_id"), "correction", ["minutes_id"])
    op.create_index(op.f("ix_correction_organisation_id"), "correction", ["organisation_id"])
    op.create_table(
        "decision",
        *_noun(),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("council_id", _number(), nullable=False),
        sa.Column("meeting_id", _number(), nullable=True),
        sa.Column("item_id", _number(), nullable=True),
        sa.Column("section", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("implications", sa.String(), nullable=False),
        sa.Column("means", _document(), nullable=False),
        sa.Column("customer_view", sa.String(), nullable=False),
        sa.Column("moved_by", _number(), nullable=True),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("votes_abstain", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_reason", sa.String(), nullable=False),
        sa.Column("voting_present", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("quorum_needed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("reversals", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("supersedes_id", _number(), nullable=True),
        sa.Column("ratified_in", _number(), nullable=True),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"]),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"]),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meeting.id"]),
        sa.ForeignKeyConstraint(["moved_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation_id", "code"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_decision_council_id"), "decision", ["council_id"])
    op.create_index(op.f("ix_decision_meeting_id"), "decision", ["meeting_id"])
    op.create_index(op.f("ix_decision_organisation_id"), "decision", ["organisation_id"])
    op.create_table(
        "presence",
        *_noun(),
        sa.Column("meeting_id", _number(), nullable=False),
        sa.Column("attendance_id", _number(), nullable=False),
        sa.Column("person_id", _number(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attendance_id"], ["attendance.id"]),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meeting.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_presence_attendance_id"), "presence", ["attendance_id"])
    op.create_index(op.f("ix_presence_meeting_id"), "presence", ["meeting_id"])
    op.create_index(op.f("ix_presence_organisation_id"), "presence", ["organisation_id"])
    op.create_table(
        "council_vote",
        *_noun(),
        sa.Column("council_id", _number(), nullable=False),
        sa.Column("meeting_id", _number(), nullable=True),
        sa.Column("item_id", _number(), nullable=True),
        sa.Column("section", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quorum_needed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("votes_abstain", sa.Integer(), nullable=True),
        sa.Column("decision_id", _number(), nullable=True),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"]),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"]),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meeting.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_council_vote_council_id"), "council_vote", ["council_id"])
    op.create_index(op.f("ix_council_vote_meeting_id"), "council_vote", ["meeting_id"])
    op.create_index(op.f("ix_council_vote_organisation_id"), "council_vote", ["organisation_id"])
    op.create_table(
        "open_vote",
        *_noun(),
        sa.Column("vote_id", _number(), nullable=False),
        sa.Column("person_id", _number(), nullable=False),
        sa.Column("choice", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["vote_id"], ["council_vote.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("vote_id", "person_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_open_vote_organisation_id"), "open_vote", ["organisation_id"])
    op.create_table(
        "secret_tally",
        *_row(),
        sa.Column("vote_id", _number(), nullable=False),
        sa.Column("choice", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(["vote_id"], ["council_vote.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("vote_id", "choice"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_secret_tally_organisation_id"), "secret_tally", ["organisation_id"])
    op.create_table(
        "vote_voter",
        *_row(),
        sa.Column("vote_id", _number(), nullable=False),
        sa.Column("person_id", _number(), nullable=False),
        sa.Column("has_voted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["vote_id"], ["council_vote.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("vote_id", "person_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_vote_voter_organisation_id"), "vote_voter", ["organisation_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
