import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earshot.serving.signature import Signature, TensorSpec
from services.modelserver.errors import InferenceFailed
from services.modelserver.layout import Layout

FLOAT = np.dtype(np.float32)
FRAME_LEVEL = Signature(
    inputs={
        "embeddings": TensorSpec(np.dtype(np.uint8), (None, None, 4)),
        "num_frames": TensorSpec(np.dtype(np.int32), (None,)),
    },
    outputs={
        "patch_scores": TensorSpec(FLOAT, (None, None, 4)),
        "scores": TensorSpec(FLOAT, (None, 4)),
    },
)
UNMASKED = Signature(
    inputs={"x": TensorSpec(FLOAT, (None, None))}, outputs={"y": TensorSpec(FLOAT, (None, None))}
)
FIXED = Signature(
    inputs={"x": TensorSpec(FLOAT, (1, None))}, outputs={"y": TensorSpec(FLOAT, (1, None))}
)
SIZES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), min_size=1, max_size=6)


@given(SIZES)
def test_each_request_gets_its_own_rows_and_frames_when_a_batch_is_taken_apart(sizes):
    layout = Layout(FRAME_LEVEL)
    requests = [
        {
            "embeddings": np.full((num_rows, num_frames, 4), place, np.uint8),
            "num_frames": np.full(num_rows, num_frames, np.int32),
        }
        for place, (num_rows, num_frames) in enumerate(sizes, start=1)
    ]
    batch = layout.join(requests)
    assert len(batch["embeddings"]) == len(batch["num_frames"]) == sum(n for n, _ in sizes)
    patch_scores = batch["embeddings"].astype(np.float32)
    outputs = {"patch_scores": patch_scores, "scores": patch_scores.max(1, initial=0)}
    for inputs, own in zip(requests, layout.split(outputs, requests), strict=True):
        np.testing.assert_array_equal(own["patch_scores"], inputs["embeddings"])
        np.testing.assert_array_equal(own["scores"], inputs["embeddings"].max(1, initial=0))


def test_padding_is_zero_when_requests_differ_in_frames():
    requests = [
        {"embeddings": np.ones((1, t, 4), np.uint8), "num_frames": np.array([t], np.int32)}
        for t in (1, 3)
    ]
    joined = Layout(FRAME_LEVEL).join(requests)["embeddings"]
    assert joined[:, :, 0].tolist() == [[1, 0, 0], [1, 1, 1]]


def test_requests_share_a_key_when_they_differ_only_in_rows_and_frames():
    layout = Layout(FRAME_LEVEL)
    requests = [
        {"embeddings": np.zeros((n, t, 4), np.uint8), "num_frames": np.zeros(n, np.int32)}
        for n, t in ((1, 2), (3, 5))
    ]
    assert layout.key(requests[0]) == layout.key(requests[1])


def test_requests_have_other_keys_when_an_unmasked_model_would_see_padding():
    layout = Layout(UNMASKED)
    short, long = ({"x": np.zeros((2, t), np.float32)} for t in (2, 5))
    assert layout.key(short) != layout.key(long)
    assert layout.key(short) == layout.key({"x": np.zeros((7, 2), np.float32)})


def test_outputs_keep_their_width_when_the_model_is_unmasked():
    layout = Layout(UNMASKED)
    requests = [{"x": np.zeros((n, 2), np.float32)} for n in (1, 2)]
    own = layout.split({"y": np.arange(15).reshape(3, 5)}, requests)
    assert [each["y"].shape for each in own] == [(1, 5), (2, 5)]


def test_nothing_is_joined_when_the_model_takes_a_fixed_number_of_rows():
    layout = Layout(FIXED)
    inputs = {"x": np.zeros((1, 3), np.float32)}
    assert layout.key(inputs) is None
    assert layout.num_rows(inputs) == 1


@pytest.mark.parametrize("signature", [FRAME_LEVEL, UNMASKED, FIXED])
def test_a_lone_request_passes_unchanged_when_joined_and_split(signature):
    layout = Layout(signature)
    inputs = {name: np.zeros((1, 3, 4), spec.dtype) for name, spec in signature.inputs.items()}
    outputs = {name: np.zeros((1, 3, 4)) for name in signature.outputs}
    assert layout.join([inputs]) is inputs
    assert layout.split(outputs, [inputs]) == [outputs]


def test_requests_are_computed_alone_when_rows_of_an_output_belong_to_nobody():
    layout = Layout(UNMASKED)
    requests = [{"x": np.zeros((n, 2), np.float32)} for n in (1, 2)]
    with pytest.raises(InferenceFailed, match="output y: 5 rows for 3 rows"):
        layout.split({"y": np.zeros((5, 2))}, requests)


def test_nothing_is_joined_when_the_model_takes_no_inputs():
    layout = Layout(Signature({}, UNMASKED.outputs))
    assert (layout.key({}), layout.num_rows({})) == (None, 1)


def test_strings_are_joined_when_rows_are_open():
    string = TensorSpec(np.dtype(object), (None,))
    layout = Layout(Signature({"x": string}, {"y": string}))
    requests = [{"x": np.array(row, object)} for row in ([b"a"], [b"bc", b"\0"])]
    assert layout.key(requests[0]) == layout.key(requests[1])
    joined = layout.join(requests)
    assert joined["x"].tolist() == [b"a", b"bc", b"\0"]
    assert [each["y"].tolist() for each in layout.split({"y": joined["x"]}, requests)] == [
        [b"a"],
        [b"bc", b"\0"],
    ]
