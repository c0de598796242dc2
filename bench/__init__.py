"""Reproducible measurements: each part returns rows, `python -m bench` writes them down."""
