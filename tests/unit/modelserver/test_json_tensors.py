import json

import numpy as np
import pytest

from earshot.serving.signature import Signature, TensorSpec
from services.modelserver.errors import InvalidInput, OutputsUnwritable
from services.modelserver.json_tensors import read_document, read_tensors, write_tensors

FRAMES = [[[1, 2, 3, 4], [5, 6, 7, 255]]]
SCORES = {"scores": TensorSpec(np.dtype(np.float32), (None, 2))}
ONE_INPUT = Signature({"x": TensorSpec(np.dtype(np.float32), (None, None))}, SCORES)


def read(signature, **document):
    return read_tensors(read_document(json.dumps(document).encode()), signature)


def test_rows_and_columns_are_the_same_tensors_when_read(model):
    rows = read(
        model.signature,
        instances=[
            {"embeddings": FRAMES[0], "num_frames": 2},
            {"num_frames": 1, "embeddings": FRAMES[0]},
        ],
    )
    columns = read(model.signature, inputs={"embeddings": FRAMES * 2, "num_frames": [2, 1]})
    for name, dtype in (("embeddings", np.uint8), ("num_frames", np.int32)):
        assert rows[name].dtype == columns[name].dtype == dtype
        np.testing.assert_array_equal(rows[name], columns[name])
    np.testing.assert_array_equal(rows["embeddings"], np.array(FRAMES * 2))


@pytest.mark.parametrize("form", ["instances", "inputs"])
def test_a_single_input_needs_no_name_when_read(form):
    inputs = read(ONE_INPUT, **{form: [[1, 2.5], [-3, 4e-3]]})
    np.testing.assert_array_equal(inputs["x"], np.array([[1, 2.5], [-3, 4e-3]], np.float32))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "JSON Parse error: Expecting value"),
        (b"{", "JSON Parse error: Expecting property name"),
        (b"\xff\xfe\xfd", "JSON Parse error"),
        (b"[" * 100_000, "JSON Parse error: maximum recursion"),
        (b"[1]", "Is not object"),
        (b"{}", "Missing 'inputs' or 'instances' key"),
        (b'{"inputs": 1, "instances": [1]}', "expecting only one of"),
        (b'{"inputs": 1, "signature_name": 2}', "'signature_name' key must be a string value"),
        (b'{"inputs": 1, "signature_name": "\\ud800"}', "'signature_name' key must be a string"),
    ],
)
def test_one_sentence_says_what_is_wrong_when_the_document_is(body, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        read_document(body)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"instances": 3}, "Excepting 'instances' to be an list/array"),
        ({"instances": []}, "No values in 'instances' array"),
        ({"instances": FRAMES}, "instances is a plain list, but expecting list of objects"),
        ({"inputs": FRAMES}, "inputs is a plain value/list, but expecting an object"),
        (
            {"instances": [{"embeddings": FRAMES[0], "num_frames": 2}, {"num_frames": 1}]},
            "process element: 1 of 'instances' list.*must be equal to: embeddings,num_frames",
        ),
        ({"inputs": {"embeddings": FRAMES}}, "Missing named input: num_frames in 'inputs' object."),
    ],
)
def test_one_sentence_says_what_is_missing_when_the_form_is_wrong(model, document, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        read(model.signature, **document)


@pytest.mark.parametrize(
    ("frames", "sentence"),
    [
        ([[[1, 2, 3, 4], [1, 2, 3]]], "lists of unequal length or depth"),
        ([[[1, 2, 3, 4], 5]], "lists of unequal length or depth"),
        ([[[1, 2, 3, 0.5]]], "expected uint8 values, given float"),
        ([[[1, 2, 3, "4"]]], "expected uint8 values, given str"),
        ([[[1, 2, None, True]]], "expected uint8 values, given NoneType, bool"),
        ([[[1, 2, 3, {"b64": "AA=="}]]], "expected uint8 values, given dict"),
        ([[[1, 2, 3, 256]]], "a value is too large for uint8"),
        ([[[1, 2, 3]]], r"expected uint8 \[\?, \?, 4\], given uint8 \[1, 1, 3\]"),
        ([], r"expected uint8 \[\?, \?, 4\], given uint8 \[0\]"),
        (7, r"expected uint8 \[\?, \?, 4\], given uint8 \[\]"),
    ],
)
def test_the_tensor_is_named_when_its_values_are_wrong(model, frames, sentence):
    with pytest.raises(InvalidInput, match=f'input tensor "embeddings": {sentence}'):
        read(model.signature, inputs={"embeddings": frames, "num_frames": [1]})


@pytest.mark.parametrize("value", [1e300, 10**400])
def test_a_number_is_refused_when_it_is_too_large_for_float32(value):
    with pytest.raises(InvalidInput, match="a value is too large for float32"):
        read(ONE_INPUT, inputs=[[value]])


def test_rows_name_each_output_when_there_are_several():
    outputs = {"a": np.array([[1.0], [2.0]]), "b": np.array([3, 4])}
    assert write_tensors({"instances": []}, outputs) == {
        "predictions": [{"a": [1.0], "b": 3}, {"a": [2.0], "b": 4}]
    }
    assert write_tensors({"inputs": {}}, outputs) == {"outputs": {"a": [[1.0], [2.0]], "b": [3, 4]}}


def test_a_single_output_goes_without_its_name_when_written():
    outputs = {"a": np.array([[1.0], [2.0]])}
    assert write_tensors({"instances": []}, outputs) == {"predictions": [[1.0], [2.0]]}
    assert write_tensors({"inputs": {}}, outputs) == {"outputs": [[1.0], [2.0]]}


def test_rows_are_refused_when_the_outputs_have_different_numbers_of_them():
    with pytest.raises(OutputsUnwritable, match="b has inconsistent batch size: 3 expecting: 2"):
        write_tensors({"instances": []}, {"a": np.zeros(2), "b": np.zeros(3)})


def test_rows_are_refused_when_an_output_has_none():
    with pytest.raises(OutputsUnwritable, match="a has no shape information; ask with 'inputs'"):
        write_tensors({"instances": []}, {"a": np.zeros(()), "b": np.zeros(())})
    assert write_tensors({"inputs": {}}, {"a": np.zeros(())}) == {"outputs": 0.0}
