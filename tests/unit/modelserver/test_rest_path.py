import pytest

from services.modelserver.errors import InvalidInput
from services.modelserver.rest_path import Method, read_path


@pytest.mark.parametrize(
    ("line", "method", "version", "label"),
    [
        ("GET /v1/models/a.b-c", Method.STATUS, None, None),
        ("GET /v1/models/a.b-c/versions/7", Method.STATUS, 7, None),
        ("GET /v1/models/a.b-c/labels/stable", Method.STATUS, None, "stable"),
        ("GET /v1/models/a.b-c/metadata", Method.METADATA, None, None),
        ("GET /v1/models/a.b-c/versions/0/metadata?x=1", Method.METADATA, 0, None),
        ("POST /v1/models/a.b-c:predict", Method.PREDICT, None, None),
        ("POST /v1/models/a.b-c/versions/12:predict", Method.PREDICT, 12, None),
        ("POST /v1/models/a.b-c/labels/canary:predict", Method.PREDICT, None, "canary"),
    ],
)
def test_model_and_method_are_read_when_the_path_is_offered(line, method, version, label):
    target = read_path(*line.split())
    assert (target.method, target.spec.name) == (method, "a.b-c")
    assert target.spec.WhichOneof("version_choice") == (
        "version" if version is not None else "version_label" if label else None
    )
    assert target.spec.version.value == (version or 0)
    assert target.spec.version_label == (label or "")


@pytest.mark.parametrize(
    "line",
    [
        "GET /",
        "GET /v1/models",
        "GET /v1/models/",
        "GET /v1/models/a/versions/x",
        "GET /v1/models/a/versions/9999999999999999999",
        "GET /v1/models/a:predict",
        "POST /v1/models/a",
        "POST /v1/models/a:classify",
        "POST /v2/models/a:predict",
    ],
)
def test_request_is_malformed_when_the_path_is_not_offered(line):
    with pytest.raises(InvalidInput, match=f"^Malformed request: {line}$"):
        read_path(*line.split())
