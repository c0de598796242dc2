"""Settings of the model server."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from earshot.settings import (
    ANY_CASE,
    AbsolutePath,
    ModelSettings,
    ObservabilitySettings,
    Port,
    Precision,
)


def _read_precisions(value: object) -> object:
    """`NAME=bf16,OTHER=f32` by name."""
    if not isinstance(value, str):
        return value
    precisions = {}
    for part in value.split(","):
        name, _, precision = (each.strip() for each in part.partition("="))
        if not name or precision.lower() not in get_args(Precision):
            raise ValueError("must be NAME=f32 or NAME=bf16, several with commas between")
        precisions[name] = precision.lower()
    return precisions


class ModelServerSettings(ObservabilitySettings):
    """Where the models are, where to listen and how to compute.

    Attributes:
        models_dir: Folder of `<name>/<integer version>/`, the one that every service knows.
        modelserver_host: Address to listen on. Whoever reaches it may ask.
        modelserver_port: Its port; 0 takes a free one and logs it.
        modelserver_rest_port: Port of the REST API; 0 takes a free one and logs it, unset switches
            it off.
        modelserver_config_file: TensorFlow Serving's `models.config` with the models to serve, read
            at the start; unset serves the newest version of every model in `models_dir`.
        modelserver_precision: Arithmetic of the models.
        modelserver_model_precisions: Models that compute otherwise: `NAME=bf16,OTHER=f32`.
        modelserver_num_threads: Threads of one inference.
        modelserver_max_batch_rows: Rows at which a batch is closed.
        modelserver_poll_s: How often the models folder is looked at for new versions.
    """

    models_dir: AbsolutePath = ModelSettings.model_fields["models_dir"].default
    modelserver_host: str = Field(default="127.0.0.1", min_length=1)
    modelserver_port: Port = 8500
    modelserver_rest_port: Port | None = None
    modelserver_config_file: AbsolutePath | None = None
    modelserver_precision: Annotated[Precision, ANY_CASE] = "f32"
    modelserver_model_precisions: Annotated[
        dict[str, Precision], NoDecode, BeforeValidator(_read_precisions)
    ] = Field(default={})
    modelserver_num_threads: int = Field(default=1, ge=1, le=256)
    modelserver_max_batch_rows: int = Field(default=64, ge=1, le=4096)
    modelserver_poll_s: float = Field(default=1.0, gt=0, le=3600)
