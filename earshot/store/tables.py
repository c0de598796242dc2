"""The tables. Times are UTC nanoseconds since 1970, samples are indexes at 16 kHz."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# A device registers itself at first sight. `tags` is a list of strings, `policy` an object.
devices = Table(
    "devices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("policy", JSON, nullable=False),
    Column("first_seen_at_ns", BigInteger, nullable=False),
    Column("last_heard_at_ns", BigInteger, nullable=False),
)

# How far each run of a source has been worked off, and the tracker's memory after that entry.
sessions = Table(
    "sessions",
    metadata,
    Column("device_id", Text, ForeignKey("devices.id"), primary_key=True),
    Column("session_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("last_sequence", BigInteger, nullable=False),
    Column("tracker_state", JSON, nullable=False),
)

# The newest revision of each event: every field of `SoundEvent`.
events = Table(
    "events",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("device_id", Text, ForeignKey("devices.id"), nullable=False),
    Column("session_id", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("onset_sample", BigInteger, nullable=False),
    Column("offset_sample", BigInteger, nullable=False),
    Column("onset_at_ns", BigInteger, nullable=False),
    Column("offset_at_ns", BigInteger, nullable=False),
    Column("peak_score", Double, nullable=False),
    Column("mean_score", Double, nullable=False),
    Column("level_dbfs", Double, nullable=False),
    Column("scene", Text, nullable=False),
    Column("suppressed_by", Text, nullable=False),
    Column("models", JSON, nullable=False),
    Column("taxonomy_hash", Text, nullable=False),
    Column("granularity", Text, nullable=False),
    Column("origin", Text, nullable=False),
    # One for each way to page through events, newest first.
    Index(None, "onset_at_ns", "event_id"),
    Index(None, "device_id", "onset_at_ns", "event_id"),
    Index(None, "label", "onset_at_ns", "event_id"),
)

# Every revision as it is sent: what the relay puts on the events stream, position by position.
revisions = Table(
    "revisions",
    metadata,
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("body", Text, nullable=False),  # CloudEvents 1.0 JSON
    UniqueConstraint("event_id", "revision"),
)

# Under which name the revisions of a partition go to the broker, which counts them per name.
relays = Table(
    "relays",
    metadata,
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("writer", Text, nullable=False),
)
