"""Brings the database to the schema of this program, from nothing or from an older version."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Engine, text

from earshot.store.engine import writing
from earshot.store.errors import UnknownSchema

# Names the lock under which one process migrates while others wait; any number would do.
LOCK_KEY = 0xEA25407


def migrate(engine: Engine) -> None:
    """Runs the steps that the database has not seen, all or none of them.

    Safe when several processes start at once: one works, the others wait and find nothing to do.

    Raises:
        StoreUnavailable: The database cannot be reached.
        UnknownSchema: Its tables were made by a newer version of the program.
    """
    config = Config()
    config.set_main_option("script_location", "earshot.store:migrations")
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE is lock enough
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise UnknownSchema(f"database schema: {error}; upgrade this program") from error
