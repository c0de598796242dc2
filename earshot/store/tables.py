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
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# A device registers itself at first sight. `tags` is a list of strings, `policy` an object,
# `state` active or disabled, `token_hash` what its sender's token is compared with; NULL: no token.
devices = Table(
    "devices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("policy", JSON, nullable=False),
    Column("first_seen_at_ns", BigInteger, nullable=False),
    Column("last_heard_at_ns", BigInteger, nullable=False),
    Column("token_hash", Text),
    Column("state", Text, nullable=False, server_default="active"),
)

# How far each run of a source has been worked off, and the tracker's memory after that entry.
# `listening` is what was heard of it and is not in `coverage` yet: see `earshot.events.listening`;
# NULL when nothing is open.
sessions = Table(
    "sessions",
    metadata,
    Column("device_id", Text, ForeignKey("devices.id"), primary_key=True),
    Column("session_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("last_sequence", BigInteger, nullable=False),
    Column("tracker_state", JSON, nullable=False),
    Column("listening", JSON(none_as_null=True)),
)

# What was heard of each device, lost or absent, and when: see `earshot.events.stretch`. A stretch
# lasts a day at most; the newest of each session is in its `listening`. Sessions may overlap.
coverage = Table(
    "coverage",
    metadata,
    Column("device_id", Text, ForeignKey("devices.id"), primary_key=True),
    Column("begin_at_ns", BigInteger, primary_key=True, autoincrement=False),
    Column("session_id", Text, primary_key=True),
    Column("end_at_ns", BigInteger, nullable=False),
    Column("coverage", Text, nullable=False),  # heard, silent, lost or absent
    Column("reason", Text, nullable=False),
    Column("then_reason", Text, nullable=False),  # why nothing follows, where nothing does
    Index(None, "begin_at_ns"),
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
    Column("end_reason", Text, nullable=False, server_default=""),
    Column("gap_reason", Text, nullable=False, server_default=""),
    Column("quiet_samples", BigInteger, nullable=False, server_default=text("0")),
    # One for each way to page through events, newest first: see `earshot.store.event_walks`.
    Index(None, "onset_at_ns", "event_id"),
    Index(None, "device_id", "onset_at_ns", "event_id"),
    Index(None, "label", "onset_at_ns", "event_id"),
    Index(None, "device_id", "label", "onset_at_ns", "event_id"),
    Index(None, "site", "onset_at_ns", "event_id"),
    Index(None, "site", "label", "onset_at_ns", "event_id"),
    Index(None, "category", "label", "onset_at_ns", "event_id"),
    Index(None, "priority", "label", "onset_at_ns", "event_id"),
    Index(None, "state", "onset_at_ns", "event_id"),
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

# Under which name the revisions of a partition go to the broker, which counts them per name (an
# empty one has yet to be made), and the last position given: see `earshot.store.positions`.
relays = Table(
    "relays",
    metadata,
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("writer", Text, nullable=False),
    Column("last_position", BigInteger, nullable=False, server_default=text("0")),
)

# Who works on a partition: see `earshot.store.lease`. An empty holder has given it back.
leases = Table(
    "leases",
    metadata,
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("holder", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),  # one more at each change of the holder
    Column("beat", BigInteger, nullable=False),  # one more at each sign of life
)

# What was heard, as codes: one row per device, session and minute, to be scored again.
#
# A patch belongs to the minute (UTC) in which it begins. The three blobs have one item per patch:
# `codes` 128 bytes, `levels` a float32 (dBFS), `samples` an int64 (index of its first sample, so
# that gaps show), both little-endian. Patch i begins at
# `first_at_ns` + (samples[i] - samples[0]) * 62,500.
#
# Rows grow within the transaction that commits their predictions: insert; on a conflict of the key
# add `num_patches` and append the blobs, and leave the rest as it is (on SQLite
# `CAST(a || b AS BLOB)`, as || alone gives text). A device's stretch is a range of the key's first
# two columns; what is too old is deleted by the index on `minute_at_ns`.
embeddings = Table(
    "embeddings",
    metadata,
    Column("device_id", Text, ForeignKey("devices.id"), primary_key=True),
    Column("minute_at_ns", BigInteger, primary_key=True, autoincrement=False),
    Column("session_id", Text, primary_key=True),
    Column("model", Text, primary_key=True),  # name@version that scored them
    Column("embedder", Text, nullable=False),  # name@version that made them
    Column("embedding_space", Text, nullable=False),
    Column("first_at_ns", BigInteger, nullable=False),
    Column("num_patches", Integer, nullable=False),
    Column("codes", LargeBinary, nullable=False),
    Column("levels", LargeBinary, nullable=False),
    Column("samples", LargeBinary, nullable=False),
    Index(None, "minute_at_ns"),
)

# Who may ask the api. `hash` is the SHA-256 of the secret: see `earshot.access`.
tokens = Table(
    "tokens",
    metadata,
    Column("id", Text, primary_key=True),  # the public part of the token
    Column("name", Text, nullable=False),
    Column("scopes", JSON, nullable=False),  # a list of strings
    Column("hash", Text, nullable=False),
    Column("created_at_ns", BigInteger, nullable=False),
    Column("expires_at_ns", BigInteger),  # NULL: never
    Column("last_used_at_ns", BigInteger),  # to the minute; NULL: never
    Column("revoked_at_ns", BigInteger),  # NULL: not
)

# The log of changes: who did what to what. SQLite numbers rows by itself only where the type is
# INTEGER, which holds 64 bits all the same.
audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at_ns", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSON, nullable=False),
)
