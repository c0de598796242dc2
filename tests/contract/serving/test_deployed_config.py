"""The files of deploy/serving suit both servers, and what the classifier sends."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest
from google.protobuf import text_format

from services.classifier.settings import ClassifierSettings
from services.modelserver.model_config import VersionPolicy, read_config_file

REPOSITORY = Path(__file__).parents[3]
FOLDER = REPOSITORY / "deploy" / "serving"


def test_every_configured_model_is_shipped():
    configs = read_config_file(FOLDER / "models.config")
    assert [config.policy for config in configs.values()] == [VersionPolicy(num_latest=2)]
    for name, config in configs.items():
        assert config.base_path == Path("/models") / name
        assert list((REPOSITORY / "models" / name).glob("[0-9]*/saved_model.pb"))


def test_official_message_reads_the_same_models():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow's own, at import
        reason = "needs the oracle: uv sync --extra training --group dev"
        official = pytest.importorskip(
            "tensorflow_serving.config.model_server_config_pb2", reason=reason
        )
    text = (FOLDER / "models.config").read_text()
    message = text_format.Parse(text, official.ModelServerConfig())
    given = {each.name: Path(each.base_path) for each in message.model_config_list.config}
    configs = read_config_file(FOLDER / "models.config")
    assert given == {name: config.base_path for name, config in configs.items()}


def test_a_batch_holds_what_the_classifier_sends():
    text = (FOLDER / "batching.config").read_text()
    (max_batch_size,) = re.findall(r"^max_batch_size { value: (\d+) }$", text, re.MULTILINE)
    assert ClassifierSettings.model_fields["classifier_max_rows"].default <= int(max_batch_size)
