"""Leases, kept embeddings; why events ended, more ways to page; tokens and states of devices."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds columns, which rows that are there fill with their defaults, and two tables."""
    _extend_events()
    _extend_devices()
    _make_leases()
    _make_embeddings()


def _extend_events() -> None:
    for name in ("end_reason", "gap_reason"):
        op.add_column("events", sa.Column(name, sa.Text, nullable=False, server_default=""))
    quiet = sa.Column("quiet_samples", sa.BigInteger, nullable=False, server_default=sa.text("0"))
    op.add_column("events", quiet)
    pairs = [[first, "label"] for first in ("device_id", "category", "priority")]
    for begins in (*pairs, ["site"], ["state"]):
        columns = [*begins, "onset_at_ns", "event_id"]
        op.create_index("ix_events_" + "_".join(columns), "events", columns)


def _extend_devices() -> None:
    op.add_column("devices", sa.Column("token_hash", sa.Text))
    state = sa.Column("state", sa.Text, nullable=False, server_default="active")
    op.add_column("devices", state)


def _make_leases() -> None:
    op.create_table(
        "leases",
        sa.Column("partition", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("beat", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("partition", name="pk_leases"),
    )


def _make_embeddings() -> None:
    key = ("device_id", "minute_at_ns", "session_id", "model")
    op.create_table(
        "embeddings",
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("minute_at_ns", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("embedder", sa.Text, nullable=False),
        sa.Column("embedding_space", sa.Text, nullable=False),
        sa.Column("first_at_ns", sa.BigInteger, nullable=False),
        sa.Column("num_patches", sa.Integer, nullable=False),
        sa.Column("codes", sa.LargeBinary, nullable=False),
        sa.Column("levels", sa.LargeBinary, nullable=False),
        sa.Column("samples", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint(*key, name="pk_embeddings"),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], "fk_embeddings_device_id_devices"),
    )
    op.create_index("ix_embeddings_minute_at_ns", "embeddings", ["minute_at_ns"])
