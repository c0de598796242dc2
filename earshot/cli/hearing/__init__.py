"""Hears a recording in this process, by the very code of the services."""
