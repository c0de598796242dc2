"""Post-processing of embeddings into AudioSet's format: PCA with whitening, clipping, 8 bits.

Source: tensorflow/models, research/audioset/vggish/vggish_postprocess.py. Dequantising is from
google/youtube-8m, utils.py (`Dequantize`).
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from earshot.embedding.errors import BadBundle

EMBEDDING_VALUES = 128
CLIP = 2.0  # whitened values are clipped to [-2, 2]
_LEVELS = 255

# What numpy raises on files that are absent, torn, of another kind or with other names.
_UNREADABLE = (OSError, EOFError, KeyError, IndexError, ValueError, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True, eq=False)
class Pca:
    """The parameters of the projection E (x - mu).

    Attributes:
        eigen_vectors: float64 (128, 128); rows are outputs. Whitening is part of it.
        means: float64 (128,).
    """

    eigen_vectors: NDArray[np.float64]
    means: NDArray[np.float64]

    @classmethod
    def load(cls, path: Path) -> Pca:
        """Reads an `.npz` with `pca_eigen_vectors` and `pca_means`, as VGGish publishes it.

        Raises:
            BadBundle: The file is missing, is something else, or has other shapes.
        """
        try:
            with path.open("rb") as file:
                arrays = np.load(file, allow_pickle=False)
                pca = cls(
                    arrays["pca_eigen_vectors"].astype(np.float64),
                    arrays["pca_means"].astype(np.float64).reshape(-1),
                )
        except _UNREADABLE as error:
            raise BadBundle(f"{path}: no readable PCA parameters ({error})") from None
        shapes = pca.eigen_vectors.shape, pca.means.shape
        if shapes != ((EMBEDDING_VALUES, EMBEDDING_VALUES), (EMBEDDING_VALUES,)):
            raise BadBundle(f"{path}: shapes {shapes}; expected (128, 128) and (128,)")
        return pca

    def project(self, embeddings: NDArray[np.float32]) -> NDArray[np.float64]:
        """Returns float64 (n, 128), whitened, for float32 (n, 128).

        Each row is computed by itself: its bytes do not depend on the batch it came in, which a
        matrix product does not promise.
        """
        centred = embeddings.astype(np.float64) - self.means
        projected: NDArray[np.float64] = np.vecdot(self.eigen_vectors, centred[:, np.newaxis, :])
        return projected


def quantise(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Clips to [-2, 2] and maps to 0..255: trunc((v + 2) * 255 / 4), uint8 of the same shape.

    Truncates, as the released features did; some ports round. Values must not be NaN.
    """
    clipped = np.clip(values, -CLIP, CLIP).astype(np.float64)
    codes: NDArray[np.uint8] = ((clipped + CLIP) * (_LEVELS / (2 * CLIP))).astype(np.uint8)
    return codes


def dequantise(codes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Maps 0..255 to v * 4 / 255 + 4 / 512 - 2: -1.9921875 to 2.0078125, float32, same shape.

    The bias is half of 1/256 of the range while the scale is 1/255 of it; models are trained on
    exactly this. Quantising the result gives the same code back.
    """
    scale, bias = 2 * CLIP / _LEVELS, 2 * CLIP / 512 - CLIP
    return (codes * scale + bias).astype(np.float32)


def postprocess(embeddings: NDArray[np.float32], pca: Pca) -> NDArray[np.uint8]:
    """Returns the codes, uint8 (n, 128), of a network's raw embeddings.

    Args:
        embeddings: float32 (n, 128), before any activation: a ReLU on them leaves 13 of 128 bytes
            right. n may be 0. Values must not be NaN.
        pca: The projection that belongs to the network.
    """
    return quantise(pca.project(embeddings))
