"""The last position that each partition gave."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# Up to here a partition counted on from its newest revision. `WHERE true` because SQLite takes the
# ON of a bare SELECT for that of a join; a partition that has no name yet gets it from its relay.
_COUNT_WHAT_IS_THERE = """
    INSERT INTO relays (partition, writer, last_position)
    SELECT partition, '', max(position) FROM revisions WHERE true GROUP BY partition
    ON CONFLICT (partition) DO UPDATE SET last_position = excluded.last_position
"""


def upgrade() -> None:
    """Adds a column, and fills it."""
    last = sa.Column("last_position", sa.BigInteger, nullable=False, server_default=sa.text("0"))
    op.add_column("relays", last)
    op.execute(_COUNT_WHAT_IS_THERE)
