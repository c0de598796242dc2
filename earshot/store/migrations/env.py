"""What Alembic runs: the steps, on the connection and in the transaction of `migrate`."""

from alembic import context

from earshot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a column by copying its table
)
context.run_migrations()
