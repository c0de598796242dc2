"""The settings that hearing needs: those of the services whose work it does."""

from __future__ import annotations

from dataclasses import replace

from earshot.events.taxonomy import Label, Taxonomy
from earshot.settings import AbsolutePath, ModelSettings, StreamSettings
from services.notifier.settings import NotifierSettings


class HearingSettings(StreamSettings, ModelSettings):
    """What the services read, as far as it decides about events.

    Attributes:
        taxonomy_file: As in the notifier's settings.
    """

    taxonomy_file: AbsolutePath = NotifierSettings.model_fields["taxonomy_file"].default


def with_threshold(taxonomy: Taxonomy, on_score: float) -> Taxonomy:
    """Returns the taxonomy with one score that starts an event of any label.

    The score below which an event ends keeps its ratio to it.

    Args:
        taxonomy: The labels.
        on_score: 0 to 1.
    """
    labels = tuple(_with_threshold(label, on_score) for label in taxonomy.labels)
    return replace(taxonomy, labels=labels)


def _with_threshold(label: Label, on_score: float) -> Label:
    ratio = label.off_score / label.on_score if label.on_score else 0.0
    return replace(label, on_score=on_score, off_score=on_score * ratio)
