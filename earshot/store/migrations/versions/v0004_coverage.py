"""What was heard of each device, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# Sessions whose source may have died before there was anything that could end their events: what
# is open of them is nothing but these, and the next notifier counts from when it finds them.
_OPEN_WHAT_HAS_OPEN_EVENTS = """
    UPDATE sessions SET listening = '{}' WHERE EXISTS (
        SELECT 1 FROM events
        WHERE events.device_id = sessions.device_id AND events.session_id = sessions.session_id
            AND events.state <> 'ended'
    )
"""


def upgrade() -> None:
    """Makes a table, and adds a column that says which sessions are open."""
    op.add_column("sessions", sa.Column("listening", sa.JSON))
    op.execute(_OPEN_WHAT_HAS_OPEN_EVENTS)
    op.create_table(
        "coverage",
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("begin_at_ns", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("end_at_ns", sa.BigInteger, nullable=False),
        sa.Column("coverage", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("then_reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("device_id", "begin_at_ns", "session_id", name="pk_coverage"),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], "fk_coverage_device_id_devices"),
    )
    op.create_index("ix_coverage_begin_at_ns", "coverage", ["begin_at_ns"])
