"""What the api needs to score kept embeddings again, and how it says that it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine

from earshot.events.patch import PATCH_HOP_NS
from earshot.events.scores import Gathering
from earshot.events.taxonomy import Taxonomy
from earshot.model_labels import ModelLabels
from earshot.scoring.errors import ScoringError
from earshot.scoring.rescoring import ServedModel, rescore, served_model
from earshot.scoring.scored import Scored
from earshot.scoring.stretch import Stretch, stretches
from earshot.serving.client import ServingClient
from earshot.store.engine import reading
from earshot.store.kept_embeddings import kept_patches
from earshot.streams.errors import BadMessage, DependencyAway

# Windows per request: half of what the classifier asks for by default, so that it goes first where
# the model server is busy.
MAX_ROWS = 32
TIMEOUT_S = 3.0  # of one request, as the classifier waits by default

_log = structlog.get_logger(__name__)


class CannotScore(Exception):
    """Kept embeddings cannot be scored again now; the message is one sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Rescorer:
    """Scores kept embeddings again. Safe to use from threads.

    Attributes:
        engine: Where they are kept.
        client: Of the model server.
        labels: What the models' scores are about.
        window_patches: W of the deployment.
    """

    engine: Engine
    client: ServingClient
    labels: ModelLabels
    window_patches: int

    def kept(self, device_id: str, from_ns: int, to_ns: int) -> list[Stretch]:
        """Returns what was kept of a device, and before it as much as windows reach back.

        The connection is given back before anything is scored.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        reach_ns = self.window_patches * PATCH_HOP_NS
        with reading(self.engine) as connection:
            kept = kept_patches(connection, device_id, from_ns - reach_ns, to_ns)
        return stretches(kept, self.window_patches)

    def served(self, kept_model: str) -> ServedModel:
        """Returns the version that scored something then, or the newest of the same model.

        Raises:
            CannotScore: None of them can be asked.
        """
        with _refusing():
            return served_model(self.client, kept_model)

    def scored(self, stretch: Stretch, served: ServedModel) -> Iterator[Scored]:
        """Yields the scores of a stretch, block by block: `rescore`.

        Raises:
            CannotScore: The model server stopped answering, or refuses.
        """
        with _refusing():
            yield from rescore(stretch, served, self.window_patches, MAX_ROWS)

    def gathering(self, taxonomy: Taxonomy, scored: Scored) -> Gathering:
        """Returns which of these scores belong to each label and scene.

        Raises:
            CannotScore: The model's labels are not here, or not those of the taxonomy.
        """
        with _refusing():
            return self.labels.gathering(taxonomy, scored.model, scored.scores.shape[1])

    def class_names(self, scored: Scored) -> tuple[str, ...]:
        """Returns what each of these scores is about.

        Raises:
            CannotScore: The model's labels are not here.
        """
        with _refusing():
            return self.labels.classes(scored.model, scored.scores.shape[1]).display_names


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (ScoringError, BadMessage, DependencyAway) as error:
        _log.warning("not scored again", reason=str(error), cause=str(error.__cause__ or ""))
        raise CannotScore(str(error)) from error
