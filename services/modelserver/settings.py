"""Settings of the model server."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from earshot.settings import AbsolutePath, ModelSettings, ObservabilitySettings, Port


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class ModelServerSettings(ObservabilitySettings):
    """Where the models are, where to listen and how to compute.

    Attributes:
        models_dir: Folder of `<name>/<integer version>/`, the one that every service knows.
        modelserver_host: Address to listen on. Whoever reaches it may ask.
        modelserver_port: Its port; 0 takes a free one and logs it.
        modelserver_precision: Arithmetic of the models.
        modelserver_num_threads: Threads of one inference.
        modelserver_max_batch_rows: Rows at which a batch is closed.
        modelserver_poll_s: How often the models folder is looked at for new versions.
    """

    models_dir: AbsolutePath = ModelSettings.model_fields["models_dir"].default
    modelserver_host: str = Field(default="127.0.0.1", min_length=1)
    modelserver_port: Port = 8500
    modelserver_precision: Annotated[Literal["f32", "bf16"], BeforeValidator(_lower)] = "f32"
    modelserver_num_threads: int = Field(default=1, ge=1, le=256)
    modelserver_max_batch_rows: int = Field(default=64, ge=1, le=4096)
    modelserver_poll_s: float = Field(default=1.0, gt=0, le=3600)
