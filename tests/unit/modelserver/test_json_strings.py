import json

import numpy as np
import pytest

from earshot.serving.signature import Signature, TensorSpec
from services.modelserver.errors import InvalidInput, OutputsUnwritable
from services.modelserver.json_tensors import read_document, read_tensors, write_tensors

STRING = np.dtype(object)
SCORES = {"scores": TensorSpec(np.dtype(np.float32), (None, 2))}
EXAMPLES = Signature({"example_bytes": TensorSpec(STRING, (None,))}, SCORES)
TWO = Signature(
    {"x": TensorSpec(STRING, (None, 2)), "y": TensorSpec(np.dtype(np.int32), (None,))}, SCORES
)
DOG, RAW = {"b64": "ZG9n"}, {"b64": "/wA="}


def read(signature, **document):
    inputs = read_tensors(read_document(json.dumps(document).encode()), signature)
    return {name: array.tolist() for name, array in inputs.items()}


@pytest.mark.parametrize(
    "document",
    [
        {"instances": [DOG, RAW, "ü"]},
        {"instances": [{"example_bytes": DOG}, {"example_bytes": RAW}, {"example_bytes": "ü"}]},
        {"inputs": [DOG, RAW, "ü"]},
        {"inputs": {"example_bytes": [DOG, RAW, "ü"]}},
    ],
)
def test_text_and_base64_become_bytes_when_read(document):
    assert read(EXAMPLES, **document) == {"example_bytes": [b"dog", b"\xff\0", "ü".encode()]}


def test_strings_keep_their_shape_when_they_lie_beside_numbers():
    rows = [{"x": [DOG, "a"], "y": 1}, {"x": ["", RAW], "y": 2}]
    expected = {"x": [[b"dog", b"a"], [b"", b"\xff\0"]], "y": [1, 2]}
    assert read(TWO, instances=rows) == expected


def test_a_lone_base64_is_a_scalar_when_it_is_the_input():
    scalar = Signature({"x": TensorSpec(STRING, ())}, SCORES)
    assert read(scalar, inputs=DOG) == {"x": b"dog"}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([{"b64": "?"}], "Unable to base64 decode"),
        ([{"b64": "YQ"}], "Unable to base64 decode"),
        ([{"b64": "ü"}], "Unable to base64 decode"),
        ([{"b64": 1}], "expected string values, given dict"),
        ([{"b64": "YQ==", "more": 1}], "expected string values, given dict"),
        ([1, "a", None], "expected string values, given NoneType, int"),
        ("a", r"expected string \[\?\], given string \[\]"),
    ],
)
def test_one_sentence_says_what_is_wrong_when_a_string_is(values, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        read(EXAMPLES, inputs={"example_bytes": values})


def test_text_goes_out_as_it_is_and_bytes_as_base64_when_the_name_says_so():
    outputs = {
        "id": np.array([b"dog", "ü".encode()], STRING),
        "id_bytes": np.array([[b"dog"], [b"\xff\0"]], STRING),
    }
    rows = [{"id": "dog", "id_bytes": [DOG]}, {"id": "ü", "id_bytes": [RAW]}]
    assert write_tensors({"instances": []}, outputs) == {"predictions": rows}
    columns = {"id": ["dog", "ü"], "id_bytes": [[DOG], [RAW]]}
    assert write_tensors({"inputs": {}}, outputs) == {"outputs": columns}


def test_bytes_are_refused_when_the_name_promises_text():
    with pytest.raises(OutputsUnwritable, match='"id" holds bytes that are no UTF-8'):
        write_tensors({"inputs": {}}, {"id": np.array([b"\xff"], STRING)})
