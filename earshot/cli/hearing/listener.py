"""Hears recordings: the pipeline, and the notifier's tracking after it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self

from earshot.cli.errors import CannotStart, FileRefused, PipelineFailed
from earshot.cli.hearing.heard import Heard
from earshot.cli.hearing.level import LevelMeter
from earshot.cli.hearing.models import Models, load_models
from earshot.cli.hearing.notes import Notes
from earshot.cli.hearing.pipeline import PATCHES_PER_CHUNK, Pipeline
from earshot.cli.hearing.settings import HearingSettings, with_threshold
from earshot.events.errors import BadLabels, BadTaxonomy
from earshot.events.labels import read_ontology
from earshot.events.scores import gather
from earshot.events.taxonomy import Taxonomy
from earshot.events.taxonomy_file import load_taxonomy
from earshot.events.tracker import Tracker
from earshot.streams.errors import BadMessage
from services.capture.errors import RecordingError
from services.capture.session import Session
from services.capture.sources.recording import Recording
from services.classifier.handler import Classifier
from services.features.handler import Features
from services.notifier.handler import follow

# Nobody outside sees these: a recording is one session of one device, from sample and moment 0.
_DEVICE_ID, _SESSION_ID = "classify", "0" * 26


class Listener:
    """Hears one recording after the other.

    Attributes:
        models: What it hears with.
        taxonomy: What it listens for.
        window_patches: Patches that the frame-level model sees at once.
    """

    def __init__(
        self,
        models: Models,
        taxonomy: Taxonomy,
        settings: HearingSettings,
        patches_per_chunk: int = PATCHES_PER_CHUNK,
    ) -> None:
        """Joins them.

        Args:
            models: See above.
            taxonomy: See above.
            settings: How many patches a window has.
            patches_per_chunk: See `Pipeline`.

        Raises:
            BadTaxonomy: A label names a class that the model does not have.
            BadLabels: The model's ontology cannot be used.
        """
        self.models, self.taxonomy = models, taxonomy
        self.window_patches = settings.window_patches
        self._gathering = gather(taxonomy, models.classes, read_ontology(models.classes))
        classifier = Classifier(
            models.predict, settings.window_patches, models.card.embedding_space
        )
        self._pipeline = Pipeline(
            Features(models.embedder), classifier, settings, patches_per_chunk
        )

    @classmethod
    def load(cls, settings: HearingSettings, threshold: float | None = None) -> Self:
        """Loads models and taxonomy.

        Args:
            settings: Which.
            threshold: See `with_threshold`; None leaves each label its own.

        Raises:
            CannotStart: One of them cannot be used.
        """
        try:
            taxonomy = load_taxonomy(settings.taxonomy_file)
            if threshold is not None:
                taxonomy = with_threshold(taxonomy, threshold)
            return cls(load_models(settings), taxonomy, settings)
        except (BadLabels, BadTaxonomy) as error:
            raise CannotStart(str(error)) from None

    def hear(
        self,
        path: Path,
        is_keeping_scores: bool = False,
        on_progress: Callable[[float], None] = lambda share: None,
    ) -> Heard:
        """Hears a recording from beginning to end.

        Args:
            path: The file.
            is_keeping_scores: Whether the patch scores are wanted.
            on_progress: Called now and then with the share that is done, 0 to 1.

        Raises:
            FileRefused: It is no recording, or a damaged one.
        """
        try:
            return self._hear(Recording.open(path), is_keeping_scores, on_progress)
        except RecordingError as error:
            raise FileRefused(path, error.reason) from None
        except (PipelineFailed, BadMessage) as error:
            raise FileRefused(path, f"cannot be classified: {error}") from None
        except OSError as error:
            raise FileRefused(path, error.strerror or str(error)) from None

    def _hear(
        self, recording: Recording, is_keeping_scores: bool, on_progress: Callable[[float], None]
    ) -> Heard:
        session = Session(_DEVICE_ID, _SESSION_ID, 0, recording.sample_rate_hz)
        tracker = Tracker(self.taxonomy, _DEVICE_ID, _SESSION_ID)
        meter, notes = LevelMeter(), Notes(len(self.models.classes), is_keeping_scores)
        for prediction in self._pipeline.predictions(meter.watch(recording.pcm()), session):
            notes.take(prediction, follow(tracker, prediction, lambda _: self._gathering))
            on_progress(min(1.0, notes.heard_s / recording.duration_s))
        return notes.heard(recording, self.taxonomy, meter)
