"""Recordings as the product hears them: patches every 0.96 s, codes, scores of each patch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from earshot.audio.mel import patches
from earshot.audio.params import PATCH_SAMPLES
from earshot.embedding.embedder import Embedder
from earshot.events.taxonomy_settings import DEFAULTS
from earshot.openvino_model import compile_on_cpu
from training.embedder.recordings import Recording, read_pcm

# From this score on a class counts as heard: the taxonomy's default.
ON_SCORE = DEFAULTS["on_score"]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """One recording and what the models make of it.

    Attributes:
        recording: Its row of the manifest.
        pcm: int16 (num_samples,), at least one patch of them: shorter sounds end in silence.
        codes: uint8 (n, 128).
        patch_scores: float32 (n, c), each patch a window of its own; see `Listener.score`.
    """

    recording: Recording
    pcm: NDArray[np.int16]
    codes: NDArray[np.uint8]
    patch_scores: NDArray[np.float32]


class Listener:
    """An embedder and a frame-level bundle, in f32 on one thread.

    Args:
        embedder: Makes the codes.
        bundle: Directory of the frame-level bundle.
    """

    def __init__(self, embedder: Embedder, bundle: Path) -> None:
        self._embedder = embedder
        self._frame_level = compile_on_cpu(ov.Core(), bundle, "f32", num_threads=1)

    def hear(self, recording: Recording, pcm: NDArray[np.int16]) -> Heard:
        """Returns what is heard in the samples, int16 (num_samples,), of a recording."""
        pcm = np.pad(pcm, (0, max(0, PATCH_SAMPLES - len(pcm))))
        codes = self.embed(pcm)
        return Heard(recording, pcm, codes, self.score(codes))

    def embed(self, pcm: NDArray[np.int16]) -> NDArray[np.uint8]:
        """Returns the codes uint8 (n, 128) of at least a patch of samples, int16."""
        return self._embedder.embed(patches(pcm))

    def score(self, codes: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Returns the patch scores float32 (n, c) of codes uint8 (n, 128), n >= 1.

        Each patch is scored as a window of its own. That is the score it has in a longer window
        only for models whose patch score does not depend on earlier patches, as the shipped one's
        does not; of others, such as LSTM, it is the score of a session's first patch.
        """
        counts = np.ones(len(codes), np.int32)
        outputs = self._frame_level({"embeddings": codes[:, None], "num_frames": counts})
        scores: NDArray[np.float32] = outputs["patch_scores"][:, 0].copy()
        return scores


def hear_all(sounds: Path, recordings: Sequence[Recording], listener: Listener) -> list[Heard]:
    """Returns what is heard in each of the recordings of a folder; a progress bar on stderr."""
    console = Console(stderr=True)
    return [
        listener.hear(recording, read_pcm(sounds / recording.file))
        for recording in track(recordings, description="listening", console=console)
    ]
