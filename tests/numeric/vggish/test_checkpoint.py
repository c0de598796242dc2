"""The reader of V1 checkpoints against TensorFlow's writers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from earshot.vggish.checkpoint import Checkpoint  # noqa: E402
from earshot.vggish.errors import DamagedCheckpoint, VggishError, WrongCheckpoint  # noqa: E402
from tests.numeric.vggish.checkpoints import write_v1  # noqa: E402

RNG = np.random.default_rng(3)
FLOATS = {
    "scalar": np.float32(2.5).reshape(()),
    "empty": np.zeros((0, 4), np.float32),
    "one": RNG.standard_normal(1, np.float32),
    "scope/weights": RNG.standard_normal((3, 3, 1, 5), np.float32),
    "scope/biases": RNG.standard_normal(5, np.float32),
    "zeros": np.zeros((7, 2), np.float32),
    # Blocks are closed at 256 KiB: these fill several, alone and together.
    "large": RNG.standard_normal((700, 300), np.float32),
    **{f"many/{i}": RNG.standard_normal((40, i + 1), np.float32) for i in range(60)},
}
OTHERS = {
    "global_step": np.int64(41).reshape(()),
    "half": np.zeros(3, np.float16),
    "double": np.zeros(3, np.float64),
    "words": np.array([b"a", b"bc"], object),
}


def read(path: Path, names: Any = FLOATS) -> dict[str, NDArray[np.float32]]:
    checkpoint = Checkpoint(memoryview(path.read_bytes()))
    shapes = {name: checkpoint.variables[name].shape for name in names}
    return checkpoint.read(shapes, lambda _: None)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_v1(tmp_path_factory.mktemp("v1") / "model.ckpt", {**FLOATS, **OTHERS})


def test_every_value_is_what_was_written(whole: Path) -> None:
    values = read(whole)
    assert values.keys() == FLOATS.keys()
    for name, array in FLOATS.items():
        np.testing.assert_array_equal(values[name], array, err_msg=name)
        assert values[name].shape == array.shape


def test_variables_are_known_before_any_is_read(whole: Path) -> None:
    variables = Checkpoint(memoryview(whole.read_bytes())).variables
    assert variables.keys() == {*FLOATS, *OTHERS}
    assert variables["scope/weights"].shape == (3, 3, 1, 5)
    assert not variables["global_step"].is_float


def test_progress_ends_near_the_whole(whole: Path) -> None:
    shares: list[float] = []
    Checkpoint(memoryview(whole.read_bytes())).read({"one": (1,)}, shares.append)
    assert shares == sorted(shares)
    assert 0.95 < shares[-1] <= 1


def test_partitioned_variables_are_put_together(tmp_path: Path) -> None:
    v1 = tf.compat.v1
    with tf.Graph().as_default() as graph, v1.Session(graph=graph) as session:
        rows = v1.get_variable("rows", (10, 4), partitioner=v1.fixed_size_partitioner(3))
        columns = v1.get_variable("columns", (5, 9), partitioner=v1.fixed_size_partitioner(4, 1))
        whole = v1.get_variable("whole", (6,))
        session.run(v1.global_variables_initializer())
        saver = v1.train.Saver(write_version=v1.train.SaverDef.V1)
        path = Path(saver.save(session, str(tmp_path / "sliced.ckpt")))
        expected = session.run([tf.concat(list(rows), 0), tf.concat(list(columns), 1), whole])
    values = read(path, ("rows", "columns", "whole"))
    for name, array in zip(("rows", "columns", "whole"), expected, strict=True):
        np.testing.assert_array_equal(values[name], array, err_msg=name)


def test_all_that_is_wrong_with_variables_is_named(whole: Path) -> None:
    shapes = {"none": (1,), "one": (1, 1), "double": (3,), "zeros": (7, 2)}
    with pytest.raises(WrongCheckpoint) as caught:
        Checkpoint(memoryview(whole.read_bytes())).read(shapes, lambda _: None)
    assert (
        str(caught.value) == "none is missing; one is [1] instead of [1, 1]; double is not float32"
    )


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9999])
def test_a_cut_file_is_refused(whole: Path, tmp_path: Path, share: float) -> None:
    content = whole.read_bytes()
    cut = tmp_path / "cut.ckpt"
    cut.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DamagedCheckpoint, match=r"^byte \d+: no footer .* the file is cut"):
        read(cut)


def test_a_wrong_byte_is_found_wherever_it_is(whole: Path) -> None:
    content = whole.read_bytes()
    shapes = {name: array.shape for name, array in FLOATS.items()}
    # Of the footer's bytes the place of the index and the mark mean something.
    places = [
        *range(0, len(content) - 48, 9_973),
        len(content) - 60,
        len(content) - 44,
        len(content) - 1,
    ]
    for place in places:
        damaged = bytearray(content)
        damaged[place] ^= 0x10
        with pytest.raises(DamagedCheckpoint, match=r"byte \d+: "):
            Checkpoint(memoryview(damaged)).read(shapes, lambda _: None)


def test_random_damage_never_raises_anything_else(whole: Path) -> None:
    content = whole.read_bytes()
    shapes = {name: array.shape for name, array in FLOATS.items()}
    rng = np.random.default_rng(5)
    for _ in range(40):
        damaged = bytearray(content)
        place = len(content) - int(rng.integers(1, 200))  # footer, index and last block
        damaged[place] = int(rng.integers(256))
        try:
            values = Checkpoint(memoryview(damaged)).read(shapes, lambda _: None)
        except VggishError:
            continue
        np.testing.assert_array_equal(values["large"], FLOATS["large"])


def test_a_v2_checkpoint_is_refused(tmp_path: Path) -> None:
    tf.raw_ops.SaveV2(
        prefix=str(tmp_path / "v2"),
        tensor_names=["one"],
        shape_and_slices=[""],
        tensors=[tf.zeros(1)],
    )
    with pytest.raises(DamagedCheckpoint, match="byte 0: no table of contents"):
        read(tmp_path / "v2.index")
