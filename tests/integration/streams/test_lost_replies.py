"""A reply that never comes: the command was done, and must not be done twice."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from earshot.embedded_broker import EmbeddedBroker
from earshot.streams.entry import Entry
from earshot.streams.errors import BrokerAway
from earshot.streams.policy import Policy
from earshot.streams.port import Answer, HandOff, Stage
from earshot.streams.redis_streams import RedisStreams
from tests.integration.streams.stage import topic_of


class LossyProxy:
    """Passes bytes between client and broker; hangs up in place of a reply when told to."""

    def __init__(self, port: int) -> None:
        self._upstream = port
        self.lose_replies = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            upstream = socket.create_connection(("127.0.0.1", self._upstream))
            self._sockets += [client, upstream]
            threading.Thread(target=self._pump, args=(client, upstream, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(upstream, client, True), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, is_reply: bool) -> None:
        try:
            while block := source.recv(65536):
                if is_reply and self.lose_replies:
                    break
                target.sendall(block)
        except OSError:
            pass  # the other direction hung up first
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def close(self) -> None:
        self._listener.close()
        for end in self._sockets:
            end.close()


@pytest.fixture
def proxy(broker: EmbeddedBroker) -> Iterator[LossyProxy]:
    running = LossyProxy(broker.port)
    yield running
    running.close()


@pytest.fixture
def far_streams(proxy: LossyProxy, policy: Policy) -> Iterator[RedisStreams]:
    streams = RedisStreams(f"redis://127.0.0.1:{proxy.port}/0", policy)
    yield streams
    streams.close()


STAGE = Stage(topic_of("a", "first"), "first", topic_of("b"))


def test_an_append_whose_reply_was_lost_is_a_duplicate_the_next_time(
    proxy: LossyProxy, far_streams: RedisStreams, redis_streams: RedisStreams
) -> None:
    entry = Entry("d", "s", 0, body=b"x")
    assert far_streams.append(STAGE.source, Entry("e", "s", 0)).answer is Answer.OK
    proxy.lose_replies = True
    with pytest.raises(BrokerAway):
        far_streams.append(STAGE.source, entry)
    proxy.lose_replies = False
    assert far_streams.append(STAGE.source, entry).answer is Answer.DUP
    reader = redis_streams.reader(STAGE, 0, "one")
    reader.join()
    assert [d.entry for d in reader.read(10, 0)] == [Entry("e", "s", 0), entry]


def test_entries_whose_delivery_was_lost_are_claimed_under_ones_own_name(
    proxy: LossyProxy, far_streams: RedisStreams
) -> None:
    far_streams.append(STAGE.source, Entry("d", "s", 0, body=b"x"))
    reader = far_streams.reader(STAGE, 0, "one")
    reader.join()
    proxy.lose_replies = True
    with pytest.raises(BrokerAway):
        reader.read(10, 0)
    proxy.lose_replies = False
    assert reader.read(10, 0) == []
    claimed, _ = reader.claim(0, 10)
    assert [d.entry.body for d in claimed if d.entry] == [b"x"]


def test_a_hand_off_whose_reply_was_lost_publishes_once(
    proxy: LossyProxy, far_streams: RedisStreams
) -> None:
    for sequence in range(2):
        far_streams.append(STAGE.source, Entry("d", "s", sequence, body=b"x"))
    reader = far_streams.reader(STAGE, 0, "one")
    reader.join()
    first, second = (
        [(each.entry_id, each.entry)] for each in reader.read(10, 0) if each.entry is not None
    )
    assert reader.hand_off(first) == [HandOff.DONE]  # the broker knows the script from here on
    proxy.lose_replies = True
    with pytest.raises(BrokerAway):
        reader.hand_off(second)
    proxy.lose_replies = False
    assert reader.hand_off(second) == [HandOff.GONE]
    target = far_streams.reader(Stage(topic_of("b"), "ledger"), 0, "l")
    target.join()
    assert len(target.read(10, 0)) == 2
