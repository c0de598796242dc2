"""Which models are served, in which versions: TensorFlow Serving's `models.config`.

Source: tensorflow_serving/config/model_server_config.proto; for the wording
tensorflow_serving/model_servers/server_core.cc.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from google.protobuf import text_format

from earshot.serving.v1 import config_pb2 as pb
from services.modelserver.errors import BadConfig
from services.modelserver.version_folder import VersionFolder

_PLATFORMS = ("", "tensorflow")


@dataclass(frozen=True, slots=True)
class VersionPolicy:
    """Which of a model's versions are served.

    Attributes:
        num_latest: The newest so many that load; all when None.
        numbers: These alone; any when None.
    """

    num_latest: int | None = 1
    numbers: frozenset[int] | None = None

    def candidates(self, folders: Sequence[VersionFolder]) -> list[VersionFolder]:
        """Those of the versions on disk that may be served, in their order."""
        return [each for each in folders if self.numbers is None or each.number in self.numbers]


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """One model of a configuration.

    Attributes:
        name: What callers ask for.
        base_path: Absolute folder of `<integer version>/`.
        policy: The versions served.
        labels: Names of versions.
    """

    name: str
    base_path: Path
    policy: VersionPolicy = VersionPolicy()
    labels: Mapping[str, int] = field(default_factory=dict)


def read_config_file(path: Path) -> dict[str, ModelConfig]:
    """Reads a `models.config` in protobuf's text format.

    Raises:
        BadConfig: It cannot be read or makes no sense; names the file, and where it can the line.
    """
    message = pb.ModelServerConfig()
    try:
        text_format.Parse(path.read_text(encoding="utf-8"), message)
        return read_model_configs(message)
    except OSError as error:
        raise BadConfig(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, text_format.ParseError, BadConfig) as error:
        raise BadConfig(f"{path}: {error}") from None


def read_model_configs(message: pb.ModelServerConfig) -> dict[str, ModelConfig]:
    """The models of a configuration, by name.

    Raises:
        BadConfig: It makes no sense; names the model.
    """
    if message.WhichOneof("config") is None:
        raise BadConfig(
            "ServerModelConfig type not supported by HandleReloadConfigRequest."
            " Only ModelConfigList is currently supported"
        )
    configs: dict[str, ModelConfig] = {}
    for each in message.model_config_list.config:
        if not each.name:
            raise BadConfig("a model has no name")
        if each.name in configs:
            raise BadConfig(f"model {each.name} is configured twice")
        configs[each.name] = _read(each)
    return configs


def _read(config: pb.ModelConfig) -> ModelConfig:
    base_path = Path(config.base_path)
    if not base_path.is_absolute():
        raise BadConfig(
            f"Expected model {config.name} to have an absolute path or URI; "
            f"got base_path()={config.base_path}"
        )
    if config.model_platform not in _PLATFORMS:
        raise BadConfig(
            f"model {config.name}: model_platform {config.model_platform} is not supported; "
            "supported is tensorflow"
        )
    policy = _read_policy(config)
    return ModelConfig(config.name, base_path, policy, dict(config.version_labels))


def _read_policy(config: pb.ModelConfig) -> VersionPolicy:
    policy = config.model_version_policy
    match policy.WhichOneof("policy_choice"):
        case "all":
            return VersionPolicy(num_latest=None)
        case "specific":
            if not policy.specific.versions:
                raise BadConfig(f"model {config.name}: specific names no versions")
            return VersionPolicy(num_latest=None, numbers=frozenset(policy.specific.versions))
        case _:
            return VersionPolicy(num_latest=policy.latest.num_versions or 1)
