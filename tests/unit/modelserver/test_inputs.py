import numpy as np
import pytest

from services.modelserver.errors import InvalidInput
from services.modelserver.inputs import check_inputs, check_output_filter


def test_nothing_is_raised_when_inputs_fit(model, make_request):
    for num_rows, num_frames in [(1, 1), (3, 10), (0, 5), (2, 0)]:
        check_inputs(make_request(num_rows, num_frames, 1), model.signature)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"num_frames": None},
            "input size does not match signature: 1!=2 len({embeddings}) != "
            "len({embeddings,num_frames}). Sent extra: {}. Missing but required: {num_frames}.",
        ),
        (
            {"more": np.zeros(1)},
            "input size does not match signature: 3!=2 len({embeddings,more,num_frames}) != "
            "len({embeddings,num_frames}). Sent extra: {more}. Missing but required: {}.",
        ),
        (
            {"num_frames": None, "frames": np.zeros(1)},
            "input tensor alias not found in signature: frames. "
            "Inputs expected to be in the set {embeddings,num_frames}.",
        ),
        (
            {"embeddings": np.zeros((2, 3, 4), np.float32)},
            'input tensor "embeddings": expected uint8 [?, ?, 4], given float32 [2, 3, 4]',
        ),
        (
            {"embeddings": np.zeros((2, 3, 5), np.uint8)},
            'input tensor "embeddings": expected uint8 [?, ?, 4], given uint8 [2, 3, 5]',
        ),
        (
            {"num_frames": np.zeros((), np.int32)},
            'input tensor "num_frames": expected int32 [?], given int32 []',
        ),
        (
            {"num_frames": np.zeros(3, np.int32)},
            'input tensors must have equal 0th-dimension size: "embeddings" has 2, '
            '"num_frames" has 3',
        ),
        (
            {"num_frames": np.array([3, 4], np.int32)},
            'input tensor "num_frames": expected values from 0 to 3, the frames of "embeddings", '
            "given values from 3 to 4",
        ),
        (
            {"num_frames": np.array([-1, 3], np.int32)},
            'input tensor "num_frames": expected values from 0 to 3, the frames of "embeddings", '
            "given values from -1 to 3",
        ),
    ],
)
def test_one_sentence_says_what_is_wrong_when_inputs_do_not_fit(
    model, make_request, change, sentence
):
    inputs = {**make_request(2, 3, 1), **change}
    inputs = {name: array for name, array in inputs.items() if array is not None}
    with pytest.raises(InvalidInput) as raised:
        check_inputs(inputs, model.signature)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            ["score"],
            "output tensor alias not found in signature: score "
            "Outputs expected to be in the set {patch_scores,scores}.",
        ),
        (["scores", "scores"], "duplicate output tensor alias: scores"),
    ],
)
def test_one_sentence_says_what_is_wrong_when_outputs_do_not_exist(model, names, sentence):
    with pytest.raises(InvalidInput) as raised:
        check_output_filter(names, model.signature)
    assert str(raised.value) == sentence
