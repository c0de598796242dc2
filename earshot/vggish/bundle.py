"""From the files of VGGish to the bundle that the features service loads."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from errno import EIO
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from earshot.embedding.card_writer import write_card
from earshot.embedding.embedder import MODEL_FILE
from earshot.embedding.model_card import AUDIOSET_SPACE
from earshot.embedding.postprocess import Pca
from earshot.vggish.checkpoint import Checkpoint
from earshot.vggish.errors import DamagedCheckpoint, WrongCheckpoint
from earshot.vggish.network import Widths, build_network
from earshot.vggish.published import SOURCE_URL
from earshot.vggish.source import Source

NAME = "vggish"
PCA_FILE = "vggish_pca_params.npz"
_DATA = {
    "name": "a large set of YouTube videos, a preliminary version of what became YouTube-8M",
    "licence": "not released; the weights are Apache-2.0",
    "attribution": (
        "Hershey et al., CNN Architectures for Large-Scale Audio Classification, ICASSP 2017. "
        "Google, https://github.com/tensorflow/models/tree/master/research/audioset/vggish"
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Variables:
    """The variables of a checkpoint.

    Attributes:
        arrays: Those of VGGish by name.
        left_out: Names of the others.
    """

    arrays: Mapping[str, NDArray[np.float32]]
    left_out: tuple[str, ...]


def read_variables(
    source: Source,
    widths: Widths = Widths(),  # noqa: B008 (a frozen value)
    on_progress: Callable[[float], None] = lambda _: None,
) -> Variables:
    """Reads the variables of VGGish from a checkpoint; others in it are left out and named.

    Args:
        source: TensorFlow 1, V1 format.
        widths: Of the network in it.
        on_progress: Told the share, 0 to 1, that is done.

    Raises:
        DamagedCheckpoint: The file is cut, has wrong bytes in it or is of another kind.
        WrongCheckpoint: Variables are missing, have other shapes or hold NaN or infinity.
    """
    shapes = widths.shapes()
    try:
        checkpoint = Checkpoint(source.content)
        arrays = checkpoint.read(shapes, on_progress)
    except DamagedCheckpoint as error:
        raise DamagedCheckpoint(f"{source.path}, {error}") from None
    except WrongCheckpoint as error:
        raise WrongCheckpoint(f"{source.path}: {error}") from None
    if broken := [name for name, array in arrays.items() if not np.isfinite(array).all()]:
        raise WrongCheckpoint(f"{source.path}: NaN or infinity in {', '.join(broken)}")
    return Variables(arrays, tuple(name for name in checkpoint.variables if name not in shapes))


def write_bundle(
    directory: Path, version: int, variables: Variables, checkpoint: Source, pca: Source
) -> None:
    """Writes network, projection and card into an empty folder.

    Weights stay float32: halved, the raw embeddings would miss the published ones.

    Args:
        directory: Where the bundle is in the making.
        version: That it will have.
        variables: From the checkpoint.
        checkpoint: For the card.
        pca: The projection that belongs to the network.

    Raises:
        BadBundle: The projection cannot be read or has another shape.
        OSError: The disk is full, or the place cannot be written.
    """
    Pca.load(pca.path)
    path = directory / MODEL_FILE
    try:
        ov.save_model(build_network(variables.arrays), path, compress_to_fp16=False)
    except RuntimeError as error:
        reason = f"OpenVINO cannot write it, is the disk full? ({error})"
        raise OSError(EIO, reason, str(path)) from None
    (directory / PCA_FILE).write_bytes(pca.content)
    num_parameters = sum(array.size for array in variables.arrays.values())
    write_card(directory, _card(version, num_parameters, checkpoint, pca))


def _card(version: int, num_parameters: int, checkpoint: Source, pca: Source) -> Mapping[str, Any]:
    return {
        "name": NAME,
        "version": version,
        "kind": "embedder",
        "embedding_space": AUDIOSET_SPACE,
        "description": _description(checkpoint),
        "input": "patches float32 [n, 96, 64]: ln(mel + 0.01) of 0.975 s at 16 kHz",
        "output": (
            "embeddings float32 [n, 128], raw, without activation; then the projection with "
            "whitening, clipped to [-2, 2], and trunc((v + 2) * 255 / 4)"
        ),
        "parameters": num_parameters,
        "precision": "weights stored in f32; computes in f32, or bf16 on request",
        "licence": "Apache-2.0",
        "pca_file": PCA_FILE,
        "source": {"checkpoint": _origin(checkpoint), "pca": _origin(pca)},
        "data": [_DATA],
        "metrics": {},
        "command": _command(checkpoint, pca),
        "date": datetime.now(UTC).date().isoformat(),
    }


def _command(checkpoint: Source, pca: Source) -> str:
    words = ["earshot", "models", "import", NAME, checkpoint.path.name]
    if pca.path != checkpoint.path.with_name(PCA_FILE):
        words += ["--pca", pca.path.name]
    if not (checkpoint.is_published and pca.is_published):
        words.append("--any-checksum")
    return shlex.join(words)


def _description(checkpoint: Source) -> str:
    if checkpoint.is_published:
        return "The official VGGish, of which AudioSet's released features are."
    return "A checkpoint of VGGish's layers that is not the published one."


def _origin(source: Source) -> Mapping[str, Any]:
    url = f"{SOURCE_URL}/{source.published.name}" if source.is_published else None
    return {"url": url, "md5": source.md5, "bytes": len(source.content)}
