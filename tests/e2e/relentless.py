"""Writes predictions into their streams whatever becomes of the broker, some of them twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import redis

from earshot.contracts.messages import Prediction
from earshot.streams.entry import Entry
from earshot.streams.errors import BrokerAway
from earshot.streams.port import Answer
from earshot.streams.redis_streams import RedisStreams
from earshot.streams.topic import Keys, partition_of
from earshot.topics import PREDICTIONS

WRITTEN = {Answer.OK, Answer.DUP}  # DUP: an answer was lost, the entry was not
RETRY_S = 0.01


class Relentless:
    """Appends from a thread for each partition, up to where it is let.

    Args:
        streams: The broker, which may be away for a while.
        played: What to append, in this order.
        twice_every: So often one is added a second time, which no producer of ours does.
    """

    def __init__(
        self, streams: RedisStreams, broker_url: str, played: Sequence[Prediction], twice_every: int
    ) -> None:
        self._streams, self._played, self._twice_every = streams, played, twice_every
        self._redis = redis.Redis.from_url(broker_url)
        self._limit = 0
        self._error: BaseException | None = None
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(partition,), daemon=True)
            for partition in range(streams.partitions)
        ]
        for thread in self._threads:
            thread.start()

    def go_on_to(self, limit: int) -> None:
        """Lets it append so many in all."""
        assert self._error is None, self._error
        self._limit = limit

    def close(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._redis.close()
        assert self._error is None, self._error

    def add_again(self, message: Prediction) -> None:
        """Adds an entry whatever is there already."""
        entry = PREDICTIONS.encode(message)
        self._insist(lambda: self._add(entry))

    def num_duplicates(self) -> int:
        """Entries that came twice, also those a killed broker took without saying so."""
        added = 0
        for partition in range(self._streams.partitions):
            info = self._redis.xinfo_stream(self._stream(partition))
            added += info["entries-added"]
        return added - len(self._played)

    def _run(self, partition: int) -> None:
        try:
            for number, message in enumerate(self._played):
                if self._partition_of(message.header.device_id) != partition:
                    continue
                while number >= self._limit and not self._stop.is_set():
                    time.sleep(RETRY_S)
                self._insist(lambda message=message: self._append(message))
                if number % self._twice_every == 0:
                    self.add_again(message)
        except BaseException as error:
            self._error = error
            raise

    def _insist(self, write: Callable[[], None]) -> None:
        while not self._stop.is_set():
            try:
                write()
            except (BrokerAway, redis.RedisError):
                time.sleep(RETRY_S)
            else:
                return

    def _append(self, message: Prediction) -> None:
        answer = self._streams.append(PREDICTIONS, PREDICTIONS.encode(message)).answer
        assert answer in WRITTEN, f"the broker has forgotten what it acknowledged: {answer.value}"

    def _add(self, entry: Entry) -> None:
        fields = {
            "device": entry.device_id,
            "session": entry.session_id,
            "sequence": entry.sequence,
            "flags": ",".join(sorted(entry.flags)),
            "body": entry.body,
            "codes": entry.codes,
        }
        self._redis.xadd(self._stream(self._partition_of(entry.device_id)), fields)

    def _partition_of(self, device_id: str) -> int:
        return partition_of(device_id, self._streams.partitions)

    def _stream(self, partition: int) -> str:
        return Keys.of(PREDICTIONS, partition, self._streams.policy.key_prefix).stream
