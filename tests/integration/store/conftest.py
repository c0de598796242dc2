"""Fixtures of the store's tests."""

from tests.integration.store.contending import one, other  # noqa: F401
from tests.integration.store.databases import *  # noqa: F403
