"""The layers' shapes; what the network computes is in tests/numeric/vggish."""

from __future__ import annotations

from math import prod

import numpy as np

from earshot.vggish.network import Widths, build_network


def test_vggish_has_its_variables_and_parameters() -> None:
    shapes = Widths().shapes()
    assert len(shapes) == 18
    assert shapes["vggish/conv1/weights"] == (3, 3, 1, 64)
    assert shapes["vggish/conv3/conv3_2/weights"] == (3, 3, 256, 256)
    assert shapes["vggish/fc1/fc1_1/weights"] == (12_288, 4_096)
    assert shapes["vggish/fc2/biases"] == (128,)
    assert sum(map(prod, shapes.values())) == 72_141_184  # sound-models: measured


def test_the_network_takes_patches_and_gives_embeddings() -> None:
    shapes = Widths((1, 1, 1, 1, 1, 1), 2).shapes()
    network = build_network({name: np.zeros(shape, np.float32) for name, shape in shapes.items()})
    assert str(network.input("patches").partial_shape) == "[?,96,64]"
    assert str(network.output("embeddings").partial_shape) == "[?,128]"
