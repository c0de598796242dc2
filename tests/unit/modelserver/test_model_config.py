from pathlib import Path

import pytest

from earshot.serving.v1 import config_pb2 as pb
from services.modelserver.errors import BadConfig
from services.modelserver.model_config import (
    ModelConfig,
    VersionPolicy,
    read_config_file,
    read_model_configs,
)
from services.modelserver.version_folder import VersionFolder

TEXT = """
# Comments are allowed.
model_config_list: {
  config: {
    name: "a", base_path: "/models/a", model_platform: "tensorflow"
    model_version_policy: { specific { versions: 4 versions: 2 } }
    version_labels { key: "stable" value: 2 }
    version_labels { key: "canary" value: 4 }
  }
  config { name: "b" base_path: "/models/b" model_version_policy { latest { num_versions: 2 } } }
  config { name: "c" base_path: "/models/c" model_version_policy { all {} } }
  config { name: "d" base_path: "/models/d" model_version_policy { latest {} } }
  config { name: "e" base_path: "/models/e" }
}
"""


@pytest.fixture
def write(tmp_path):
    def write_file(text: str) -> Path:
        path = tmp_path / "models.config"
        path.write_text(text)
        return path

    return write_file


def test_every_policy_and_label_is_read_when_the_file_is_tensorflow_servings(write):
    all_versions = VersionPolicy(num_latest=None)
    specific = VersionPolicy(num_latest=None, numbers=frozenset({2, 4}))
    labels = {"stable": 2, "canary": 4}
    assert read_config_file(write(TEXT)) == {
        "a": ModelConfig("a", Path("/models/a"), specific, labels),
        "b": ModelConfig("b", Path("/models/b"), VersionPolicy(num_latest=2)),
        "c": ModelConfig("c", Path("/models/c"), all_versions),
        "d": ModelConfig("d", Path("/models/d")),
        "e": ModelConfig("e", Path("/models/e")),
    }


def test_a_list_may_be_empty_but_not_absent():
    empty = pb.ModelServerConfig()
    empty.model_config_list.SetInParent()
    assert read_model_configs(empty) == {}
    with pytest.raises(BadConfig, match="Only ModelConfigList is currently supported"):
        read_model_configs(pb.ModelServerConfig())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('config { base_path: "/a" }', "a model has no name"),
        ('config { name: "a" base_path: "a" }', r"Expected model a to have an absolute.*\(\)=a$"),
        ('config { name: "a" }', "Expected model a to have an absolute"),
        (
            'config { name: "a" base_path: "/a" } config { name: "a" base_path: "/b" }',
            "model a is configured twice",
        ),
        (
            'config { name: "a" base_path: "/a" model_platform: "pytorch" }',
            "model a: model_platform pytorch is not supported",
        ),
        (
            'config { name: "a" base_path: "/a" model_version_policy { specific {} } }',
            "model a: specific names no versions",
        ),
        ('config { nome: "a" }', 'models.config: 1:30 : .*no field named "nome"'),
    ],
)
def test_one_sentence_says_what_is_wrong_when_a_config_makes_no_sense(write, text, sentence):
    with pytest.raises(BadConfig, match=f"(?s){sentence}") as raised:
        read_config_file(write(f"model_config_list {{ {text} }}"))
    assert "models.config: " in str(raised.value)


def test_the_file_is_named_when_it_cannot_be_read(tmp_path):
    with pytest.raises(BadConfig, match=r"absent: No such file"):
        read_config_file(tmp_path / "absent")


def test_candidates_keep_their_order_when_numbers_are_given():
    folders = [VersionFolder(number, Path(str(number))) for number in (5, 4, 3)]
    assert VersionPolicy(None, frozenset({3, 5, 9})).candidates(folders) == [folders[0], folders[2]]
    assert VersionPolicy().candidates(folders) == folders
