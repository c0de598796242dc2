"""Whether all that stood in a partition's streams at one moment has come through to the notifier.

A busy partition never has nothing under way. So a mark is set at the newest entry of the first
stream; once its group has finished that, what came of it stands in the second stream, and so on.
"""

from __future__ import annotations

from earshot.streams.entry_id import BEGINNING, EntryId
from earshot.streams.port import Streams
from earshot.topics import AUDIO, EMBEDDINGS, PREDICTIONS

STAGES = (AUDIO, EMBEDDINGS, PREDICTIONS)


class Passage:
    """One partition's; `begin` first."""

    def __init__(self, streams: Streams, partition: int) -> None:
        self._streams, self._partition = streams, partition
        self._stage, self._mark = 0, BEGINNING

    def begin(self) -> None:
        """Takes this moment.

        Raises:
            BrokerAway: The broker does not answer.
        """
        self._stage = 0
        self._mark = self._newest()

    def is_over(self) -> bool:
        """Returns whether everything that was there has been committed and acknowledged.

        Raises:
            BrokerAway: The broker does not answer.
        """
        while self._stage < len(STAGES):
            # A broker that was emptied meanwhile will never come as far as the mark.
            if self._finished() < min(self._mark, self._newest()):
                return False
            self._stage += 1
            if self._stage < len(STAGES):
                self._mark = self._newest()
        return True

    def _newest(self) -> EntryId:
        return self._streams.tail(STAGES[self._stage], self._partition).extent().newest

    def _finished(self) -> EntryId:
        topic = STAGES[self._stage]
        return self._streams.finished(topic, self._partition, topic.owner)
