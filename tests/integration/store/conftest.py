"""Fixtures of the store's tests."""

from tests.integration.store.databases import *  # noqa: F403
