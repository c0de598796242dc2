"""The way through a site's events of one label."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds an index."""
    columns = ["site", "label", "onset_at_ns", "event_id"]
    op.create_index("ix_events_" + "_".join(columns), "events", columns)
