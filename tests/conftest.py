"""Fixtures that more than one kind of test uses."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from earshot.embedded_broker import EmbeddedBroker
from earshot.streams.policy import Policy
from earshot.streams.redis_streams import RedisStreams

REPOSITORY = Path(__file__).parents[1]
# Reasons to skip that are allowed everywhere.
NOT_SHIPPED = ("needs the data folder", "needs the official VGGish checkpoint")


def pytest_configure() -> None:
    """A shell starts background jobs with Ctrl-C ignored; the processes under test must not be."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of recordings and golden values that is not part of the repository."""
    folder = Path(os.environ.get("EARSHOT_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"needs the data folder: {folder} is absent (set EARSHOT_TEST_DATA)")
    return folder


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBroker]:
    """A real broker for the whole run; tests keep apart by key prefix and never flush it."""
    running = EmbeddedBroker(tmp_path_factory.mktemp("broker"))
    yield running
    running.stop()


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[EmbeddedBroker]:
    """A broker that the test may kill, fill or flush."""
    running = EmbeddedBroker(tmp_path / "broker")
    yield running
    running.kill()


@pytest.fixture
def policy() -> Policy:
    """A policy with names of the test's own, and one partition."""
    return Policy(key_prefix=f"test:{secrets.token_hex(6)}", partitions=1, context_bytes=4 * 128)


@pytest.fixture
def redis_streams(broker: EmbeddedBroker, policy: Policy) -> Iterator[RedisStreams]:
    """The streams on the real broker."""
    streams = RedisStreams(broker.url, policy)
    yield streams
    streams.close()


@pytest.fixture(scope="session")
def redis_server() -> str:
    """Debian's Redis 7.0, the oldest that is supported."""
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("needs redis-server (apt-get install redis-server)")
    return binary


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how to run what was skipped; where nothing may skip, that is a failure."""
    reasons = {_reason(report) for report in terminalreporter.stats.get("skipped", [])}
    if not reasons:
        return
    terminalreporter.section("skipped here: to run it all")
    for reason in sorted(reasons):
        terminalreporter.line(reason)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With EARSHOT_TEST_SKIPS=data, only what needs data that is not shipped may be skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("EARSHOT_TEST_SKIPS") != "data":
        return
    skipped = [_reason(report) for report in reporter.stats.get("skipped", [])]
    if [reason for reason in skipped if not any(needed in reason for needed in NOT_SHIPPED)]:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _reason(report: pytest.TestReport) -> str:
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
