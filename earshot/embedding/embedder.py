"""The runtime of an embedder: log-mel patches in, the 128 codes of each out, by OpenVINO."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from earshot.embedding.errors import BadBundle, BadPatches, UnsupportedPrecision
from earshot.embedding.model_card import ModelCard, read_card
from earshot.embedding.postprocess import EMBEDDING_VALUES, quantise
from earshot.openvino_model import compile_on_cpu

PRECISIONS = ("f32", "bf16")
PATCH_SHAPE = (96, 64)
# Rows of one inference: more are cut into chunks, so that memory stays bounded.
MAX_BATCH = 32
MODEL_FILE = "model.xml"


class Embedder:
    """A loaded embedder. It holds one inference request: one thread at a time may call `embed`.

    The caller guards it, or loads one embedder per thread.

    Attributes:
        card: What the bundle says about itself.
        precision: In which it computes, `f32` or `bf16`.
    """

    def __init__(self, card: ModelCard, request: ov.InferRequest, precision: str) -> None:
        self.card = card
        self.precision = precision
        self._request = request

    @classmethod
    def load(cls, directory: Path, precision: str = "f32", num_threads: int = 1) -> Embedder:
        """Loads a bundle of kind `embedder`.

        Args:
            directory: Holds `card.json`, `model.xml` and `model.bin`.
            precision: `f32`, or `bf16` where the CPU computes in it (about twice as fast).
            num_threads: For one inference, >= 1.

        Raises:
            BadBundle: The card or the network cannot be used.
            UnsupportedPrecision: Unknown, or not in this CPU.
        """
        card = read_card(directory, kind="embedder")
        core = ov.Core()
        _check_precision(core, precision)
        try:
            compiled = compile_on_cpu(core, directory / MODEL_FILE, precision, num_threads)
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[-1]
            raise BadBundle(
                f"{directory / MODEL_FILE}: OpenVINO cannot load it ({reason})"
            ) from error
        return cls(card, compiled.create_infer_request(), precision)

    @property
    def name_version(self) -> str:
        """Returns e.g. ``vggish-compact@1``."""
        return self.card.name_version

    @property
    def embedding_space(self) -> str:
        """Returns the space the codes live in, e.g. ``audioset-vggish-128``."""
        return self.card.embedding_space

    def embed(self, patches: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Returns the codes of patches, uint8 (n, 128); those of a patch do not depend on n.

        Args:
            patches: float32 (n, 96, 64), log-mel from `earshot.audio.mel`; n may be 0.

        Raises:
            BadPatches: Another shape or dtype, or NaN or infinity among the values.
        """
        _check_patches(patches)
        codes = np.empty((len(patches), EMBEDDING_VALUES), np.uint8)
        for start in range(0, len(patches), MAX_BATCH):
            chunk = np.ascontiguousarray(patches[start : start + MAX_BATCH])
            # `quantise` copies: the request reuses its output buffer.
            values = self._request.infer([chunk], share_inputs=True, share_outputs=True)[0]
            codes[start : start + MAX_BATCH] = quantise(values)
        return codes


def _check_precision(core: ov.Core, precision: str) -> None:
    if precision not in PRECISIONS:
        raise UnsupportedPrecision(
            f"precision {precision!r} is unknown; allowed are {', '.join(PRECISIONS)}"
        )
    capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    if precision == "bf16" and "BF16" not in capabilities:
        raise UnsupportedPrecision("precision bf16 is not in this CPU; use f32")


def _check_patches(patches: NDArray[np.float32]) -> None:
    if patches.dtype != np.float32 or patches.ndim != 3 or patches.shape[1:] != PATCH_SHAPE:
        raise BadPatches(
            f"patches are {patches.dtype} {patches.shape}; needed is float32 (n, 96, 64)"
        )
    if not np.isfinite(patches).all():
        index = int(np.flatnonzero(~np.isfinite(patches).all(axis=(1, 2)))[0])
        raise BadPatches(f"patch {index} holds NaN or infinity; log-mel values are finite")
