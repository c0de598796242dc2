"""Sound to predictions through the stages of the system, with streams in memory between them.

The same topics, codecs, handlers, worker loop and ordered hand-off as in the services, one chunk
after the other: however long the sound, no more than one chunk of it is held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from prometheus_client import CollectorRegistry

from earshot.cli.errors import PipelineFailed
from earshot.contracts.code import CODE_BYTES
from earshot.contracts.messages import Prediction
from earshot.settings import StreamSettings
from earshot.streams.handling import Handler
from earshot.streams.loop_metrics import LoopMetrics
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from earshot.streams.port import Stage
from earshot.streams.topic import Topic
from earshot.streams.worker import LoopOptions, Worker
from earshot.topics import AUDIO, EMBEDDINGS, PREDICTIONS
from services.capture.append import append_to
from services.capture.chunker import chunks
from services.capture.session import Session

# As many patches as the embedder takes at once. Live sound has one per chunk: the results are the
# same, and so much overhead is saved.
PATCHES_PER_CHUNK = 32
# A handler that fails is tried again at once: nothing here comes back by waiting.
_OPTIONS = LoopOptions(claim_idle_s=0.0, tend_every_s=0.0)


class Pipeline:
    """The stages features and classifier.

    Args:
        features: Handler of the audio topic.
        classifier: Handler of the embeddings.
        settings: Of the deployment; how many patches a window has.
        patches_per_chunk: How the sound is cut, which changes nothing but the speed.
    """

    def __init__(
        self,
        features: Handler,
        classifier: Handler,
        settings: StreamSettings,
        patches_per_chunk: int = PATCHES_PER_CHUNK,
    ) -> None:
        self._features, self._classifier = features, classifier
        # One device, and each chunk is through before the next one comes: nothing piles up.
        context_bytes = (settings.window_patches - 1) * CODE_BYTES
        self._policy = Policy(partitions=1, context_bytes=context_bytes, budget_bytes=0)
        self._patches_per_chunk = patches_per_chunk

    def predictions(
        self, pcm: Iterable[NDArray[np.int16]], session: Session
    ) -> Iterator[Prediction]:
        """Yields the predictions of one session in order; the last one ends it.

        Args:
            pcm: int16 (num_samples,) at a time, mono at 16 kHz.
            session: Whose sound it is.

        Raises:
            PipelineFailed: A stage refused what it was given.
        """
        streams = MemoryStreams(self._policy)
        arrived: list[Prediction] = []

        def arrive(predictions: Sequence[Prediction]) -> Sequence[Prediction]:
            arrived.extend(predictions)
            return predictions

        workers = (
            _worker(streams, AUDIO, EMBEDDINGS, self._features),
            _worker(streams, EMBEDDINGS, PREDICTIONS, self._classifier),
            _worker(streams, PREDICTIONS, None, arrive),
        )
        append = append_to(streams)
        for chunk in chunks(pcm, session, self._patches_per_chunk):
            append(chunk)
            for worker in workers:
                worker.run_until_idle()
            if streams.dead:
                raise PipelineFailed(streams.dead[0][1])
            yield from arrived
            arrived.clear()


def _worker(
    streams: MemoryStreams, source: Topic[Any], target: Topic[Any] | None, handler: Handler
) -> Worker:
    stage = Stage(source, source.owner, target)
    return Worker(streams, stage, handler, LoopMetrics(CollectorRegistry()), _OPTIONS)
