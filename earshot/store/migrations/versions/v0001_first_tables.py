"""Devices, sessions, events, their revisions, and the names they are relayed under."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the first tables."""
    _make_devices()
    _make_sessions()
    _make_events()
    _make_revisions()
    _make_relays()


def _make_devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("policy", sa.JSON, nullable=False),
        sa.Column("first_seen_at_ns", sa.BigInteger, nullable=False),
        sa.Column("last_heard_at_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
    )


def _make_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
        sa.Column("tracker_state", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("device_id", "session_id", name="pk_sessions"),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], "fk_sessions_device_id_devices"),
    )


def _make_events() -> None:
    op.create_table(
        "events",
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("priority", sa.Text, nullable=False),
        sa.Column("onset_sample", sa.BigInteger, nullable=False),
        sa.Column("offset_sample", sa.BigInteger, nullable=False),
        sa.Column("onset_at_ns", sa.BigInteger, nullable=False),
        sa.Column("offset_at_ns", sa.BigInteger, nullable=False),
        sa.Column("peak_score", sa.Double, nullable=False),
        sa.Column("mean_score", sa.Double, nullable=False),
        sa.Column("level_dbfs", sa.Double, nullable=False),
        sa.Column("scene", sa.Text, nullable=False),
        sa.Column("suppressed_by", sa.Text, nullable=False),
        sa.Column("models", sa.JSON, nullable=False),
        sa.Column("taxonomy_hash", sa.Text, nullable=False),
        sa.Column("granularity", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_events"),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], "fk_events_device_id_devices"),
    )
    for first in ([], ["device_id"], ["label"]):
        columns = [*first, "onset_at_ns", "event_id"]
        op.create_index("ix_events_" + "_".join(columns), "events", columns)


def _make_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("partition", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("partition", "position", name="pk_revisions"),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], "fk_revisions_event_id_events"),
        sa.UniqueConstraint("event_id", "revision", name="uq_revisions_event_id_revision"),
    )


def _make_relays() -> None:
    op.create_table(
        "relays",
        sa.Column("partition", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("writer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("partition", name="pk_relays"),
    )
