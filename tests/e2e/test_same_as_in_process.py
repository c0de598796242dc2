"""What goes through the streams is what the same code gives in one process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from earshot.contracts.messages import Embeddings
from earshot.embedding.bundles import newest_bundle
from earshot.embedding.embedder import Embedder
from earshot.settings import ModelSettings
from earshot.streams.port import Reader, Stage
from earshot.topics import EMBEDDINGS
from services.capture.chunker import chunks
from services.capture.session import Session
from services.capture.sources.recording import Recording
from services.features.handler import Features
from tests.e2e.live import Live, Outcomes

pytestmark = pytest.mark.e2e


def test_events_are_those_of_classify(recordings: Sequence[Path], undisturbed: Outcomes) -> None:
    command = [sys.executable, "-m", "earshot.cli", "classify", "--format", "ndjson"]
    ended = subprocess.run([*command, *recordings], capture_output=True, text=True, check=True)
    classified = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(classified) == len(recordings)
    for result in classified:
        expected = [
            (event.label, event.onset_sample / 16_000, event.offset_sample / 16_000)
            for event in undisturbed[Path(result["file"]).stem]
        ]
        events: list[dict[str, Any]] = sorted(
            result["events"], key=lambda e: (e["onset_s"], e["label"])
        )
        assert [(e["label"], e["onset_s"], e["offset_s"]) for e in events] == expected
        scores = [event.peak_score for event in undisturbed[Path(result["file"]).stem]]
        assert [e["score"] for e in events] == pytest.approx(scores, abs=1e-3)


def test_embeddings_are_the_same_byte_for_byte(live: Live, recordings: Sequence[Path]) -> None:
    streams = live.streams()
    stage = Stage(EMBEDDINGS, "guest")
    readers = [streams.reader(stage, partition, "guest") for partition in range(streams.partitions)]
    for reader in readers:
        reader.join()
    live.play("embedded", recordings)
    live.finish()
    received = _received(readers)
    streams.close()
    settings = ModelSettings()
    embedder = Embedder.load(newest_bundle(settings.models_dir, settings.embedder))
    for path in recordings:
        assert received[f"embedded.{path.stem}"] == _embedded_at_once(path, Features(embedder))


def _received(readers: Sequence[Reader]) -> dict[str, list[bytes]]:
    """The codes of each device, message by message."""
    received: dict[str, list[Embeddings]] = defaultdict(list)
    for reader in readers:
        while deliveries := reader.read(256, 0):
            for delivery in deliveries:
                assert delivery.entry is not None
                message = EMBEDDINGS.decode(delivery.entry)
                received[message.header.device_id].append(message)
            reader.acknowledge([delivery.entry_id for delivery in deliveries])
    return {
        device: [each.codes.tobytes() for each in messages] for device, messages in received.items()
    }


def _embedded_at_once(path: Path, features: Features) -> list[bytes]:
    """The codes of a whole recording in one batch, as samples that were decoded in one piece."""
    recording = Recording.open(path)
    pcm = np.concatenate(list(recording.pcm()))
    cut = chunks([pcm], Session("device", "01JZ8Q4T7M3W5Y9X2C6V1B0N8K", 0))
    return [message.codes.tobytes() for message in features(list(cut))]
