from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from earshot.cli.soundscapes.collection import soundscapes
from earshot.cli.soundscapes.soundscape import SAMPLE_RATE_HZ
from tests.e2e.live import Live, Outcomes


@pytest.fixture(scope="session", autouse=True)
def own_environment() -> Iterator[None]:
    """No setting of the developer's."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("EARSHOT_")]:
            if name != "EARSHOT_TEST_DATA":
                patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    """The demonstration's soundscapes, one of them as another recorder would have it."""
    folder = tmp_path_factory.mktemp("recordings")
    *scapes, last = soundscapes()
    stereo = np.stack([last.waveform, 0.8 * last.waveform], axis=1)
    resampled = soxr.resample(stereo, SAMPLE_RATE_HZ, 44_100)
    path = folder / f"{last.device_id}.flac"
    soundfile.write(path, resampled, 44_100, subtype="PCM_24")
    return [*(scape.write(folder) for scape in scapes), path]


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with Live(tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture(scope="session")
def undisturbed(live: Live, recordings: Sequence[Path]) -> Outcomes:
    """What the recordings are when nothing happens."""
    live.play("undisturbed", recordings)
    live.finish()
    outcomes = live.outcomes("undisturbed", recordings)
    assert all(outcomes.values()), outcomes
    return outcomes
