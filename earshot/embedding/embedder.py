"""The runtime of an embedder: log-mel patches in, the 128 codes of each out, by OpenVINO."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from earshot.embedding.errors import BadBundle, BadPatches, UnsupportedPrecision
from earshot.embedding.model_card import ModelCard, verify_bundle
from earshot.embedding.postprocess import EMBEDDING_VALUES, Pca, postprocess, quantise
from earshot.openvino_model import compile_on_cpu

PRECISIONS = ("f32", "bf16", "int8")
PATCH_SHAPE = (96, 64)
# Rows of one inference: more are cut into chunks, so that memory stays bounded.
MAX_BATCH = 32
MODEL_FILE = "model.xml"
# The network with 8-bit weights and activations; a bundle may have none.
INT8_MODEL_FILE = "model_int8.xml"


class Embedder:
    """A loaded embedder. It holds one inference request: one thread at a time may call `embed`.

    The caller guards it, or loads one embedder per thread.

    Attributes:
        card: What the bundle says about itself.
        precision: In which it computes, `f32`, `bf16` or `int8`.
    """

    def __init__(
        self, card: ModelCard, pca: Pca | None, request: ov.InferRequest, precision: str
    ) -> None:
        """Use `load`."""
        self.card = card
        self.precision = precision
        self._pca = pca
        self._request = request

    @classmethod
    def load(cls, directory: Path, precision: str = "f32", num_threads: int = 1) -> Embedder:
        """Loads a bundle of kind `embedder`, after checking that it is what its card says.

        Args:
            directory: Holds `card.json`, `model.xml`, `model.bin` and, when the network's output is
                raw, the projection that the card names as `pca_file`.
            precision: `f32`; `bf16` where the CPU computes in it (about twice as fast); `int8`
                where the bundle has such a network (about three times). The card says what either
                changes.
            num_threads: For one inference, >= 1.

        Raises:
            BadBundle: The card, a file or the network cannot be used.
            UnsupportedPrecision: Unknown, not in this CPU, or not in this bundle.
        """
        card = verify_bundle(directory, kind="embedder")
        pca = None if card.pca_file is None else Pca.load(directory / card.pca_file)
        core = ov.Core()
        _check_precision(core, precision)
        path = _network_file(directory, precision)
        hint = "f32" if precision == "int8" else precision  # what of it is not in 8 bits
        try:
            compiled = compile_on_cpu(core, path, hint, num_threads)
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[-1]
            raise BadBundle(f"{path}: OpenVINO cannot load it ({reason})") from error
        shape = compiled.output(0).partial_shape
        if len(shape) != 2 or shape[1] != EMBEDDING_VALUES:
            raise BadBundle(f"{path}: output {shape}; needed is [?,128]")
        return cls(card, pca, compiled.create_infer_request(), precision)

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
            # Both functions copy: the request reuses its output buffer.
            values = self._request.infer([chunk], share_inputs=True, share_outputs=True)[0]
            codes[start : start + MAX_BATCH] = (
                quantise(values) if self._pca is None else postprocess(values, self._pca)
            )
        return codes


def _check_precision(core: ov.Core, precision: str) -> None:
    if precision not in PRECISIONS:
        raise UnsupportedPrecision(
            f"precision {precision!r} is unknown; allowed are {', '.join(PRECISIONS)}"
        )
    capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    if precision == "bf16" and "BF16" not in capabilities:
        raise UnsupportedPrecision("precision bf16 is not in this CPU; use f32")


def _network_file(directory: Path, precision: str) -> Path:
    if precision != "int8":
        return directory / MODEL_FILE
    path = directory / INT8_MODEL_FILE
    if not path.exists():
        raise UnsupportedPrecision(
            f"precision int8 is not in {directory}, which has no {INT8_MODEL_FILE}; use f32 or bf16"
        )
    return path


def _check_patches(patches: NDArray[np.float32]) -> None:
    if patches.dtype != np.float32 or patches.ndim != 3 or patches.shape[1:] != PATCH_SHAPE:
        raise BadPatches(
            f"patches are {patches.dtype} {patches.shape}; needed is float32 (n, 96, 64)"
        )
    if not np.isfinite(patches).all():
        index = int(np.flatnonzero(~np.isfinite(patches).all(axis=(1, 2)))[0])
        raise BadPatches(f"patch {index} holds NaN or infinity; log-mel values are finite")
