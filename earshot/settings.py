"""Typed settings that services share, one small piece per concern.

A service combines the pieces it needs and adds its own fields, named `<service>_<field>`:

    class FeaturesSettings(StreamSettings, ModelSettings, ObservabilitySettings):
        features_batch_patches: int = Field(default=32, ge=1, le=256)

Every field is read from the environment as `EARSHOT_<FIELD>`; an empty variable counts as unset.
Values given as arguments win over the environment. `earshot.startup.load` reads them once, in
`__main__`, and turns a wrong value into one clear line.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ENV_PREFIX = "EARSHOT_"


class SettingsError(Exception):
    """Settings that make no sense; the message has one line per problem."""


_REDIS_SCHEMES = ("redis", "rediss", "unix")
_DATABASE_SCHEMES = ("sqlite", "postgresql+psycopg")
_HTTP_SCHEMES = ("http", "https")


def _default_data_dir() -> Path:
    """The XDG base directory for data; https://specifications.freedesktop.org/basedir-spec."""
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "earshot"


def _absolute(path: Path) -> Path:
    """One meaning for a path, wherever the process is started."""
    return path.expanduser().absolute()


def _check_redis_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in _REDIS_SCHEMES or not (parts.netloc or parts.path):
        raise ValueError(
            "must look like redis://HOST:PORT/DB, rediss://HOST:PORT/DB or unix://PATH"
        )
    return url


def _check_database_url(url: str) -> str:
    """Checks the scheme and names the driver, so that the URL means the same to every library."""
    scheme, _, rest = url.partition("://")
    if scheme == "postgresql":
        return f"postgresql+psycopg://{rest}"
    if url and scheme not in _DATABASE_SCHEMES:
        raise ValueError("must start with sqlite:/// or postgresql://")
    return url


def _check_http_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in _HTTP_SCHEMES or not parts.hostname or parts.port == 0:
        raise ValueError("must look like https://HOST/FOLDER or http://HOST/FOLDER")
    return url


def _check_target(target: str) -> str:
    host, _, port = target.rpartition(":")
    if not host or not port.isdecimal() or not 1 <= int(port) <= 65_535:
        raise ValueError("must be HOST:PORT with a port from 1 to 65535")
    return target


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


ANY_CASE = BeforeValidator(_lower)
Precision: TypeAlias = Literal["f32", "bf16"]
EmbedderPrecision: TypeAlias = Literal["f32", "bf16", "int8"]
AbsolutePath = Annotated[Path, AfterValidator(_absolute)]
RedisUrl = Annotated[str, AfterValidator(_check_redis_url)]
DatabaseUrl = Annotated[str, AfterValidator(_check_database_url)]
HttpUrl = Annotated[str, AfterValidator(_check_http_url)]
Target = Annotated[str, AfterValidator(_check_target)]
Port = Annotated[int, Field(ge=0, le=65_535)]
KeyPrefix = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]


class Settings(BaseSettings):
    """What every piece is: frozen, read from `EARSHOT_*`, strict about names of arguments."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
    )


class StreamSettings(Settings):
    """The broker and what all workers of a deployment must agree on.

    Attributes:
        redis_url: The broker.
        key_prefix: First part of every key; no braces, they would break the hash tags.
        partitions: Number of partitions P, fixed for a deployment.
        window_patches: Patches W that the frame-level model sees at once, fixed for a deployment.
        stream_budget_mb: MiB that the budgeted streams of all partitions may hold together; at
            most 60 % of the broker's maxmemory.
        guest_retention_s: How long an entry waits for groups that are guests.
        claim_idle_s: A pending entry this old is taken over by another worker.
    """

    redis_url: RedisUrl = "redis://127.0.0.1:6379/0"
    key_prefix: KeyPrefix = "earshot:v1"
    partitions: int = Field(default=4, ge=1, le=4096)
    window_patches: int = Field(default=10, ge=1, le=300)
    stream_budget_mb: int = Field(default=512, ge=1, le=1_048_576)
    guest_retention_s: float = Field(default=86_400.0, gt=0)
    claim_idle_s: float = Field(default=5.0, gt=0, le=3600)


class ModelSettings(Settings):
    """Which models run, where they lie and who serves them.

    Attributes:
        models_dir: Folder of `<name>/<version>/` bundles.
        embedder: Name of the network that turns log-mel patches into codes.
        model: Name of the frame-level model.
        serving_target: HOST:PORT of the model server's gRPC API.
        precision: Arithmetic of the embedder, f32, bf16 or int8; never left to the runtime.
    """

    models_dir: AbsolutePath = Path(__file__).resolve().parents[1] / "models"
    embedder: str = Field(default="vggish-compact", pattern=r"^[A-Za-z0-9._-]{1,64}$")
    model: str = Field(default="earshot-default", pattern=r"^[A-Za-z0-9._-]{1,64}$")
    serving_target: Target = "127.0.0.1:8500"
    precision: Annotated[EmbedderPrecision, ANY_CASE] = "f32"


class DownloadSettings(Settings):
    """Where `earshot models pull` gets what its authors publish.

    Attributes:
        models_mirror_url: Folder that has the published files under their own names; when unset,
            the place where their authors publish them.
    """

    models_mirror_url: HttpUrl | None = None


class ApiAddressSettings(Settings):
    """Where commands ask.

    Attributes:
        api_url: The REST API; when unset, that of the system that `earshot up` runs here.
        api_token: What the API asks for, as `earshot token create` prints it.
    """

    api_url: HttpUrl | None = None
    api_token: SecretStr | None = None


class TaxonomySettings(Settings):
    """What becomes an event.

    Attributes:
        taxonomy_file: The labels, and when each of them starts and ends.
    """

    taxonomy_file: AbsolutePath = Path(__file__).resolve().parents[1] / "config" / "taxonomy.yaml"


class DatabaseSettings(Settings):
    """The database of events and devices.

    Attributes:
        data_dir: Folder for everything that outlives a process.
        database_url: SQLAlchemy URL; when empty, the SQLite file `earshot.db` in `data_dir`.
    """

    data_dir: AbsolutePath = Field(default_factory=_default_data_dir)
    database_url: DatabaseUrl = ""

    @property
    def database(self) -> str:
        """The SQLAlchemy URL to open."""
        return self.database_url or f"sqlite:///{self.data_dir / 'earshot.db'}"


class ObservabilitySettings(Settings):
    """Logs and metrics.

    Attributes:
        log_format: `json` for machines, `console` for people.
        log_level: The least severe level that is written.
        metrics_host: Address of `/metrics` and `/healthz`.
        metrics_port: Their port; 0 takes a free one and logs it, unset switches them off.
    """

    log_format: Annotated[Literal["json", "console"], ANY_CASE] = "json"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], ANY_CASE] = "info"
    metrics_host: str = Field(default="127.0.0.1", min_length=1)
    metrics_port: Port | None = None
