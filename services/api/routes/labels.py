"""The labels of the taxonomy, and how often each was heard."""

from __future__ import annotations

import time
from typing import Any

from fastapi import APIRouter

from earshot.audio.params import SAMPLE_RATE_HZ
from earshot.events import taxonomy
from earshot.store.statistics import count_by_label
from services.api.dependencies import Database, Known
from services.api.problems import declared
from services.api.statistics_schemas import Label, LabelList

router = APIRouter(prefix="/v1/labels", tags=["taxonomy"])

DAY_NS = 86_400 * 1_000_000_000


@router.get("", responses=declared(503))
def list_labels(known: Known, database: Database) -> LabelList:
    """Lists the labels with their settings, and how many events of each began in 24 hours.

    Events that another one suppresses do not count.
    """
    num_events = count_by_label(database, time.time_ns() - DAY_NS)
    labels = [_answer(label, num_events.get(label.name, 0)) for label in known.labels]
    return LabelList(labels=labels, taxonomy_hash=known.taxonomy_hash)


def _answer(label: taxonomy.Label, num_events: int) -> Label:
    alike: dict[str, Any] = {
        name: getattr(label, name) for name in Label.model_fields if hasattr(label, name)
    }
    return Label(
        **alike,
        label=label.name,
        min_duration_s=label.min_duration_samples / SAMPLE_RATE_HZ,
        merge_gap_s=label.merge_gap_samples / SAMPLE_RATE_HZ,
        max_duration_s=label.max_duration_samples / SAMPLE_RATE_HZ,
        num_events=num_events,
    )
