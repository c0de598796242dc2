"""Settings of the classifier service."""

from __future__ import annotations

from pydantic import Field

from earshot.settings import ModelSettings, ObservabilitySettings, StreamSettings


class ClassifierSettings(StreamSettings, ModelSettings, ObservabilitySettings):
    """What the classifier service reads.

    Attributes:
        classifier_batch_entries: Entries per read at most; their patches are scored together.
        classifier_max_rows: Windows per request; the model server must take as many.
        classifier_timeout_s: Deadline of one request.
        classifier_embedding_space: The space of embeddings the model was trained in.
    """

    classifier_batch_entries: int = Field(default=64, ge=1, le=1024)
    classifier_max_rows: int = Field(default=64, ge=1, le=4096)
    classifier_timeout_s: float = Field(default=3.0, gt=0, le=60)
    classifier_embedding_space: str = Field(default="audioset-vggish-128", min_length=1)
