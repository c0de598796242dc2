"""The messages between services: their fields, and their bytes on the wire."""
