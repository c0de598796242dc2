"""The database, the only authority on events: SQLite on one machine, PostgreSQL elsewhere."""
