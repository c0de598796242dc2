"""Makes what scores kept embeddings again, when somebody asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

if TYPE_CHECKING:
    from services.api.rescorer import Rescorer


@dataclass(frozen=True)
class RescorerSource:
    """A rescorer to be.

    The libraries it needs would take a fifth of this process's memory from its start on.

    Attributes:
        engine: Where embeddings are kept.
        serving_target: HOST:PORT of the model server.
        models_dir: Folder of the bundles, for their labels.
        window_patches: W of the deployment.
    """

    engine: Engine
    serving_target: str
    models_dir: Path
    window_patches: int

    @cached_property
    def rescorer(self) -> Rescorer:
        """The rescorer, made at its first use."""
        from earshot.model_labels import ModelLabels
        from earshot.serving.client import ServingClient
        from services.api.rescorer import TIMEOUT_S, Rescorer

        return Rescorer(
            self.engine,
            ServingClient(self.serving_target, TIMEOUT_S),
            ModelLabels(self.models_dir),
            self.window_patches,
        )
