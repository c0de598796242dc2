"""The network of VGGish as an OpenVINO model, built from the arrays of its checkpoint.

Source: tensorflow/models, research/audioset/vggish/vggish_slim.py. Its last layer has no activation
since August 2020 (pull request 9080); with one, only 13 of 128 bytes come out right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13 as opset

from earshot.audio.params import NUM_BANDS, PATCH_FRAMES
from earshot.embedding.postprocess import EMBEDDING_VALUES

INPUT = "patches"
OUTPUT = "embeddings"
_SCOPE = "vggish"
# Name and whether a 2 x 2 maximum follows: 96 x 64 -> 48 x 32 -> 24 x 16 -> 12 x 8 -> 6 x 4.
_CONVOLUTIONS = (
    ("conv1", True),
    ("conv2", True),
    ("conv3/conv3_1", False),
    ("conv3/conv3_2", True),
    ("conv4/conv4_1", False),
    ("conv4/conv4_2", True),
)
_HIDDEN = ("fc1/fc1_1", "fc1/fc1_2")
_LAST = "fc2"
_KERNEL = 3
_NUM_CELLS = PATCH_FRAMES // 16 * (NUM_BANDS // 16)  # 6 x 4 after four maxima


@dataclass(frozen=True, slots=True)
class Widths:
    """How many channels and units the layers have; the defaults are VGGish's own.

    Attributes:
        convolutions: Of the six convolutions, in order.
        hidden: Units of both hidden layers.
    """

    convolutions: tuple[int, ...] = (64, 128, 256, 256, 512, 512)
    hidden: int = 4096

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Returns the shape of every variable by name, in the order of the layers.

        Kernels are (height, width, in, out), matrices (in, out), biases (out,).
        """
        kernels = {
            name: (_KERNEL, _KERNEL, num_in, num_out)
            for (name, _), (num_in, num_out) in zip(
                _CONVOLUTIONS, pairwise((1, *self.convolutions)), strict=True
            )
        }
        units = (_NUM_CELLS * self.convolutions[-1], self.hidden, self.hidden, EMBEDDING_VALUES)
        matrices = dict(zip((*_HIDDEN, _LAST), pairwise(units), strict=True))
        return dict(_variables({**kernels, **matrices}))


def _variables(layers: Mapping[str, tuple[int, ...]]) -> Iterator[tuple[str, tuple[int, ...]]]:
    for name, shape in layers.items():
        yield f"{_SCOPE}/{name}/weights", shape
        yield f"{_SCOPE}/{name}/biases", shape[-1:]


def build_network(variables: Mapping[str, NDArray[np.float32]]) -> ov.Model:
    """Returns the network: patches float32 (n, 96, 64) -> raw embeddings float32 (n, 128).

    Args:
        variables: By name, of the shapes that `Widths.shapes` gives for some widths.
    """
    patches = opset.parameter([-1, PATCH_FRAMES, NUM_BANDS], np.float32, name=INPUT)
    maps = opset.unsqueeze(patches, np.int64(1))  # (n, channels, frames, bands)
    for name, is_pooled in _CONVOLUTIONS:
        maps = _convolution(maps, *_of_layer(variables, name))
        if is_pooled:
            maps = _maximum(maps)
    # TensorFlow's maps have the channels last, and the first matrix is in that order.
    channels_last = opset.transpose(maps, np.array([0, 2, 3, 1]))
    num_inputs = len(_of_layer(variables, _HIDDEN[0])[0])
    units = opset.reshape(channels_last, np.array([-1, num_inputs]), special_zero=False)
    for name in _HIDDEN:
        units = opset.relu(_dense(units, *_of_layer(variables, name)))
    embeddings = _dense(units, *_of_layer(variables, _LAST))
    embeddings.output(0).set_names({OUTPUT})
    return ov.Model([opset.result(embeddings)], [patches], "vggish")


def _of_layer(
    variables: Mapping[str, NDArray[np.float32]], name: str
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return variables[f"{_SCOPE}/{name}/weights"], variables[f"{_SCOPE}/{name}/biases"]


def _convolution(
    maps: ov.Node, kernel: NDArray[np.float32], biases: NDArray[np.float32]
) -> ov.Node:
    """3 x 3, stride 1, zeros around, then ReLU."""
    filters = opset.constant(np.ascontiguousarray(kernel.transpose(3, 2, 0, 1)))
    ones, none = [1, 1], [0, 0]
    sums = opset.convolution(maps, filters, ones, none, none, ones, auto_pad="same_upper")
    return opset.relu(opset.add(sums, opset.constant(biases.reshape(1, -1, 1, 1))))


def _maximum(maps: ov.Node) -> ov.Node:
    two, none = [2, 2], [0, 0]
    return opset.max_pool(maps, two, [1, 1], none, none, two, auto_pad="same_upper").output(0)


def _dense(units: ov.Node, matrix: NDArray[np.float32], biases: NDArray[np.float32]) -> ov.Node:
    product = opset.matmul(units, opset.constant(matrix), False, False)
    return opset.add(product, opset.constant(biases.reshape(1, -1)))
