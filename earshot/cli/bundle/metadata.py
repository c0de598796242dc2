"""`metadata.json`: where a bundle's events come from, so that others can judge and repeat them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from earshot import __version__
from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.cli.hearing.heard import Heard
from earshot.cli.hearing.level import snr_band, snr_db
from earshot.cli.hearing.listener import Listener
from earshot.embedding.model_card import ModelCard
from earshot.events.taxonomy import Label, Taxonomy
from services.capture.sources.recording import sha256

FORMAT = "earshot-bundle-1"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a recording was made, as the person who gave it said.

    Attributes:
        device_id: The device; None when nobody said.
        environment: Tags in free text.
    """

    device_id: str | None = None
    environment: Sequence[str] = ()


def metadata(heard: Heard, listener: Listener, origin: Origin) -> dict[str, Any]:
    """Returns the metadata of a recording, as JSON values.

    Raises:
        OSError: The file can no longer be read.
    """
    models = listener.models
    return {
        "format": FORMAT,
        "earshot": __version__,
        "file": _file(heard),
        "device_id": origin.device_id,
        "environment": list(origin.environment),
        "level": _level(heard),
        "models": {"embedder": _card(models.embedder.card), "frame_level": _card(models.card)},
        "window_patches": listener.window_patches,
        "patch_hop_s": PATCH_HOP_SAMPLES / SAMPLE_RATE_HZ,
        "taxonomy": _taxonomy(listener.taxonomy),
    }


def _file(heard: Heard) -> dict[str, Any]:
    recording = heard.recording
    return {
        "name": recording.path.name,
        "sha256": sha256(recording.path),
        "num_bytes": recording.path.stat().st_size,
        "duration_s": round(recording.duration_s, 6),
        "sample_rate_hz": recording.sample_rate_hz,
        "num_channels": recording.num_channels,
    }


def _level(heard: Heard) -> dict[str, Any]:
    estimate_db = snr_db(heard.level_dbfs)
    return {
        "rms_dbfs": round(heard.rms_dbfs, 2),
        "peak_dbfs": round(heard.peak_dbfs, 2),
        "snr_db": None if estimate_db is None else round(estimate_db, 1),
        "snr_band": snr_band(estimate_db),
    }


def _card(card: ModelCard) -> dict[str, Any]:
    return {
        "name_version": card.name_version,
        "embedding_space": card.embedding_space,
        "date": card.date,
        "metrics": dict(card.metrics),
        "data": [dict(source) for source in card.data],
    }


def _taxonomy(taxonomy: Taxonomy) -> dict[str, Any]:
    return {"hash": taxonomy.taxonomy_hash, "labels": list(map(_label, taxonomy.labels))}


def _label(label: Label) -> dict[str, Any]:
    return {
        "name": label.name,
        "classes": list(label.classes),
        "on_score": label.on_score,
        "off_score": label.off_score,
        "min_duration_s": label.min_duration_samples / SAMPLE_RATE_HZ,
        "merge_gap_s": label.merge_gap_samples / SAMPLE_RATE_HZ,
    }
