"""A model of a user's own sounds: trained, served, and its next version taken up while it runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from earshot.audio.params import PATCH_HOP_SAMPLES
from earshot.contracts.messages import Flags, Prediction
from earshot.streams.port import Stage
from earshot.topics import PREDICTIONS
from tests.conftest import REPOSITORY
from tests.e2e.live import Live, wait_until
from tests.e2e.own_sounds import (
    HIGH_HZ,
    LOW_HZ,
    beep,
    hiss,
    write,
    write_collection,
)
from training import train, train_arguments
from training.dataset import __main__ as dataset

pytestmark = pytest.mark.e2e

TAXONOMY = """\
labels:
  - {name: Fridge, category: mechanical, priority: normal, classes: [low beep], on_score: 0.5}
  - {name: Dryer, category: mechanical, priority: normal, classes: [high beep], on_score: 0.5}
"""
BLOCK_PATCHES = 3  # of hiss, then of one tone, then of hiss, then of the other
NUM_BLOCKS = 120
SPEED = "10"


def trained(folder: Path, version: int, *, with_sweep: bool) -> Path:
    """Makes recordings, a dataset of them and a model of that; returns its bundle."""
    sounds, data = folder / "sounds", folder / "own.dataset"
    bundle = folder / "own" / str(version)
    write_collection(sounds, with_sweep=with_sweep)
    building = ["build", str(sounds / "labelled"), "--background", str(sounds / "background")]
    building += ["--segment-s", "0.96", "--out", str(data)]
    assert dataset.command(dataset.parse_arguments(building)) == 0
    training = ["--data", str(data), "--model", "logistic", "--num-epochs", "10"]
    training += ["--batch-size", "16", "--base-learning-rate", "0.05", "--averaging", "0.9"]
    training += ["--mixup-beta", "0", "--validation-share", "0"]
    training += ["--train-dir", str(folder / "train"), "--out", str(bundle)]
    assert train.command(train_arguments.parse_arguments(training)) == 0
    return bundle


def write_tones(path: Path) -> None:
    blocks = []
    for number in range(NUM_BLOCKS):
        hz = HIGH_HZ if number % 2 else LOW_HZ
        blocks += [hiss(BLOCK_PATCHES, number), beep(BLOCK_PATCHES, hz, 1_000 + number)]
    write(path, np.concatenate(blocks))


class Predictions:
    """Reads along as a guest; nothing of the system waits for it."""

    def __init__(self, live: Live) -> None:
        self._streams = live.streams()
        stage = Stage(PREDICTIONS, "test")
        partitions = range(self._streams.partitions)
        self._readers = [self._streams.reader(stage, number, "test") for number in partitions]
        for reader in self._readers:
            reader.join()
        self.read: list[Prediction] = []

    def models(self) -> list[str]:
        """Reads what is new; returns the model of each prediction so far that has scores."""
        for reader in self._readers:
            deliveries = reader.read(256, 0)
            reader.acknowledge([delivery.entry_id for delivery in deliveries])
            entries = [delivery.entry for delivery in deliveries]
            assert None not in entries
            self.read += [PREDICTIONS.decode(entry) for entry in entries if entry]
        return [each.model for each in self.read if len(each.scores)]

    def close(self) -> None:
        self._streams.close()


@pytest.fixture
def own_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """A system that listens with version 1 of the user's model; it is in `models`."""
    models = tmp_path / "models"
    shutil.copytree(REPOSITORY / "models" / "vggish-compact", models / "vggish-compact")
    shutil.copytree(trained(tmp_path / "first", 1, with_sweep=False), models / "own" / "1")
    (tmp_path / "taxonomy.yaml").write_text(TAXONOMY)
    monkeypatch.setenv("EARSHOT_MODELS_DIR", str(models))
    monkeypatch.setenv("EARSHOT_MODEL", "own")
    monkeypatch.setenv("EARSHOT_TAXONOMY_FILE", str(tmp_path / "taxonomy.yaml"))
    monkeypatch.setenv("EARSHOT_MODELSERVER_POLL_S", "0.1")
    with Live(tmp_path / "live") as running:
        yield running


def test_a_new_version_with_other_classes_is_taken_up_while_sound_is_played(
    own_live: Live, tmp_path: Path
) -> None:
    second = trained(tmp_path / "second", 2, with_sweep=True)
    write_tones(tmp_path / "tones.wav")
    before = dict(own_live.supervisor.processes)
    predictions = Predictions(own_live)
    own_live.play("own", [tmp_path / "tones.wav"], speed=SPEED)

    wait_until(lambda: len(predictions.models()) >= 15, "15 patches heard with version 1")
    assert set(predictions.models()) == {"own@1"}
    shutil.copytree(second, tmp_path / "models" / "own" / "2")
    wait_until(lambda: predictions.models().count("own@2") >= 15, "15 patches with version 2")
    own_live.stop_playing()
    own_live.finish()

    models = predictions.models()
    predictions.close()
    assert own_live.supervisor.processes == before
    assert_nothing_lost(predictions.read)
    assert models == sorted(models)
    widths = {(each.model, each.scores.shape[1]) for each in predictions.read if each.model}
    assert widths == {("own@1", 2), ("own@2", 3)}
    assert_events(own_live, models)


def assert_nothing_lost(predictions: list[Prediction]) -> None:
    headers = [each.header for each in predictions]
    assert len({header.session_id for header in headers}) == 1
    assert [header.sequence for header in headers] == list(range(len(headers)))
    patches = [each for each in predictions if len(each.scores)]
    starts = [each.header.first_sample for each in patches]
    assert starts == [index * PATCH_HOP_SAMPLES for index in range(len(patches))]
    assert not any(Flags.GAP in header.flags for header in headers)
    assert Flags.END_OF_SESSION in headers[-1].flags


def assert_events(live: Live, models: list[str]) -> None:
    """Each tone that was heard is one event with its name, by the version that heard it."""
    events = heard_events(live)
    onsets = range(BLOCK_PATCHES, len(models), 2 * BLOCK_PATCHES)
    assert [event["onset_sample"] for event in events] == [
        onset * PATCH_HOP_SAMPLES for onset in onsets
    ]
    names = ["Dryer" if number % 2 else "Fridge" for number in range(len(onsets))]
    assert [event["label"] for event in events] == names
    for event, onset in zip(events, onsets, strict=True):
        assert event["state"] == "ended"
        assert event["models"][-1] in models[onset : onset + 2 * BLOCK_PATCHES]


def heard_events(live: Live) -> list[dict[str, Any]]:
    response = httpx.get(f"{live.api_url}/v1/events", params={"limit": 500})
    events: list[dict[str, Any]] = response.raise_for_status().json()["events"]
    return sorted(events, key=lambda event: event["onset_sample"])
