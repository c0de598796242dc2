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

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from earshot.length_of_time import DAY_S, LONGEST_S
from earshot.setting_checks import (
    absolute,
    check_database_url,
    check_http_url,
    check_redis_url,
    check_target,
    length_s,
    lower,
)

ENV_PREFIX = "EARSHOT_"
CLOSE_AFTER_S = 60.0


class SettingsError(Exception):
    """Settings that make no sense; the message has one line per problem."""


def _default_data_dir() -> Path:
    """The XDG base directory for data; https://specifications.freedesktop.org/basedir-spec."""
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "earshot"


ANY_CASE = BeforeValidator(lower)
Precision: TypeAlias = Literal["f32", "bf16"]
EmbedderPrecision: TypeAlias = Literal["f32", "bf16", "int8"]
AbsolutePath = Annotated[Path, AfterValidator(absolute)]
RedisUrl = Annotated[str, AfterValidator(check_redis_url)]
DatabaseUrl = Annotated[str, AfterValidator(check_database_url)]
HttpUrl = Annotated[str, AfterValidator(check_http_url)]
Target = Annotated[str, AfterValidator(check_target)]
Port = Annotated[int, Field(ge=0, le=65_535)]
LengthS = Annotated[int, Field(le=LONGEST_S), BeforeValidator(length_s)]
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


class RetentionSettings(Settings):
    """How long the database keeps what it holds, counted from when the sound was captured.

    In seconds, or as `90d`, `12h`.

    Attributes:
        keep_events_s: Events that have ended, with all their revisions.
        keep_embeddings_s: What was heard, as codes that can be scored again; 0 keeps none.
        keep_sessions_s: How far the sessions of a source have been worked off, once they are over.
            Not less than the week for which the broker keeps its own memory of a session.
        keep_coverage_s: What was heard of each device, lost or silent, and when.
        keep_audit_s: The log of changes.
    """

    keep_events_s: LengthS = Field(default=365 * DAY_S, ge=1)
    keep_embeddings_s: LengthS = Field(default=DAY_S, ge=0)
    keep_sessions_s: LengthS = Field(default=30 * DAY_S, ge=7 * DAY_S)
    keep_coverage_s: LengthS = Field(default=365 * DAY_S, ge=7 * DAY_S)
    keep_audit_s: LengthS = Field(default=365 * DAY_S, ge=1)


class DeviceSettings(Settings):
    """What becomes of devices.

    Attributes:
        unknown_devices: Of those that nobody has registered: `accept` registers them when they
            are first heard, `refuse` makes no events of what they send.
        close_after_s: A session that sends nothing for so long has lost its source: its events
            end, unless its sound is only late.
    """

    unknown_devices: Literal["accept", "refuse"] = "accept"
    close_after_s: float = Field(default=CLOSE_AFTER_S, gt=0)


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
