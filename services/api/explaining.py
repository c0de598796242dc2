"""An event's explanation, put together from the database, the taxonomy and the model server."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.events import cloud_event
from earshot.events.cloud_event import utc_text
from earshot.events.curve import Curve
from earshot.events.event import SoundEvent
from earshot.events.explanation import explain
from earshot.events.taxonomy import Taxonomy
from earshot.store.event_queries import EventHistory, get_event
from services.api import explain_schemas as schemas
from services.api.convert import LEVEL_DIGITS, SCORE_DIGITS, event_answer
from services.api.devices_taxonomy import in_force
from services.api.event_curve import EventCurve, event_curve
from services.api.rescorer import CannotScore
from services.api.rescorer_source import RescorerSource

MAX_MEMBERS = 8
PATCH_S = PATCH_HOP_SAMPLES / SAMPLE_RATE_HZ


def explanation_answer(
    engine: Engine, source: RescorerSource | None, history: EventHistory, known: Taxonomy
) -> schemas.Explanation:
    """Returns why an event is one.

    Args:
        engine: Where events and devices are.
        source: Of what scores; None where there is no model server.
        history: Of the event.
        known: The taxonomy with its overrides.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    event = history.event
    taxonomy = in_force(engine, known, event.device_id)
    revisions = [cloud_event.decode(body) for body in history.revisions]
    found, missing_because = _curve(source, event, taxonomy)
    explained = explain(
        revisions, _suppressors(engine, revisions), taxonomy, found.curve if found else None
    )
    return schemas.Explanation(
        event=event_answer(event),
        thresholds=[
            schemas.Threshold(
                name=each.name, value=each.value, stricter=each.stricter, source=each.source
            )
            for each in explained.thresholds
        ],
        curve=curve_answer(found) if found else None,
        curve_missing_because=missing_because,
        reasons=[
            schemas.Reason(
                at=None if each.at_ns is None else utc_text(each.at_ns),
                kind=each.kind,
                sentence=each.sentence,
            )
            for each in explained.reasons
        ],
        same_taxonomy=event.taxonomy_hash == taxonomy.taxonomy_hash,
        notes=[*explained.notes, *(found.notes if found else ())],
    )


def curve_answer(found: EventCurve) -> schemas.Curve:
    """Returns a curve as the api shows it."""
    curve = found.curve
    at = [utc_text(at_ns) for at_ns in curve.at_ns.tolist()]
    return schemas.Curve(
        from_=at[0],
        patch_s=PATCH_S,
        model=found.model,
        at=at,
        score=rounded(curve.scores, SCORE_DIGITS),
        level_dbfs=rounded(curve.levels_dbfs, LEVEL_DIGITS),
        members=_members(curve),
        gaps=[
            schemas.Gap(from_=utc_text(begin), to=utc_text(end)) for begin, end in curve.gaps_ns()
        ],
    )


def rounded(numbers: NDArray[np.floating], digits: int) -> list[float]:
    """Returns numbers as JSON shows them."""
    return [round(number, digits) for number in numbers.tolist()]


def _members(curve: Curve) -> list[schemas.MemberCurve]:
    highest_first = np.argsort(-curve.class_scores.max(axis=0), kind="stable")[:MAX_MEMBERS]
    return [
        schemas.MemberCurve(
            class_=curve.class_names[index],
            score=rounded(curve.class_scores[:, index], SCORE_DIGITS),
        )
        for index in highest_first
    ]


def _curve(
    source: RescorerSource | None, event: SoundEvent, taxonomy: Taxonomy
) -> tuple[EventCurve | None, str]:
    if source is None:
        return None, "no model server is set for the api"
    try:
        return event_curve(source.rescorer, event, taxonomy), ""
    except CannotScore as error:
        return None, str(error)


def _suppressors(engine: Engine, revisions: Sequence[SoundEvent]) -> dict[str, SoundEvent]:
    ids = {revision.suppressed_by for revision in revisions} - {""}
    found = (get_event(engine, event_id) for event_id in sorted(ids))
    return {history.event.event_id: history.event for history in found if history is not None}
