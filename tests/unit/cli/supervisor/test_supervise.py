from __future__ import annotations

import ctypes
import io
import signal
import socket
from collections.abc import Iterator

import pytest

from earshot.cli.supervisor import supervise
from earshot.cli.supervisor.errors import PortTaken
from earshot.cli.supervisor.log import MergedLog

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stoppable:
    num_stops = 0

    def stop(self) -> None:
        self.num_stops += 1


@pytest.fixture(autouse=True)
def former_handlers() -> Iterator[None]:
    """Starts from the defaults, whatever the run itself was started to ignore, and puts back."""
    former = {number: signal.signal(number, signal.SIG_DFL) for number in STOPS}
    yield
    for number, handler in former.items():
        signal.signal(number, handler)


@pytest.fixture(autouse=True)
def no_alternate_signal_stack() -> None:
    """Tests before these compile networks in this thread; see `earshot.openvino_model`.

    Handlers would run on a stack that is gone, and end the process.
    """

    class Stack(ctypes.Structure):
        _fields_ = (("sp", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t))

    disable = 2  # SS_DISABLE
    assert ctypes.CDLL(None).sigaltstack(ctypes.byref(Stack(None, disable, 0)), None) == 0


@pytest.mark.parametrize("number", STOPS)
def test_a_signal_stops_it(number: signal.Signals) -> None:
    stoppable = Stoppable()
    supervise.stop_on_signals(stoppable)
    signal.raise_signal(number)
    assert stoppable.num_stops == 1


def test_the_echo_of_a_signal_is_not_a_second_one(monkeypatch: pytest.MonkeyPatch) -> None:
    stoppable = Stoppable()
    supervise.stop_on_signals(stoppable)
    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGTERM)
    assert stoppable.num_stops == 1
    monkeypatch.setattr(supervise, "ECHO_S", -1.0)
    signal.raise_signal(signal.SIGTERM)
    assert stoppable.num_stops == 2


def test_a_signal_that_is_ignored_stays_so() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stoppable = Stoppable()
    supervise.stop_on_signals(stoppable)
    signal.raise_signal(signal.SIGHUP)
    assert stoppable.num_stops == 0


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def test_the_api_gets_the_next_port_when_the_usual_one_is_in_use(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "API_PORT", taken)
    out = io.StringIO()
    port = supervise._api_port(None, MergedLog(out))
    assert port != taken
    assert f"port {taken} is in use, the api listens on {port}" in out.getvalue()


def test_a_port_that_was_asked_for_is_refused_when_it_is_in_use(taken: int) -> None:
    with pytest.raises(PortTaken, match=str(taken)):
        supervise._api_port(taken, MergedLog(io.StringIO()))
