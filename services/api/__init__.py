"""Answers questions about events and devices over HTTP. Reads the database, writes nothing."""
