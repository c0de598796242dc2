"""Why an event is one; what a device's sound scored, and why that was an event or none.

What does the work is imported by the first question: it takes a fifth of the process's memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query

from earshot.events.hint import did_you_mean
from earshot.events.taxonomy import Taxonomy
from earshot.store.devices import get_device
from earshot.store.event_queries import get_event
from services.api.dependencies import Database, Known, Rescoring
from services.api.devices_taxonomy import in_force
from services.api.explain_schemas import Explanation
from services.api.parameters import MAX_ID_CHARACTERS
from services.api.problem_handlers import shorten
from services.api.problems import declared
from services.api.scores_parameters import ScoresQuery
from services.api.scores_schemas import DeviceScores

router = APIRouter(prefix="/v1")

RETRY_AFTER_S = 5


@router.get("/events/{event_id}/explain", tags=["events"], responses=declared(404, 422, 503))
def explain_event(
    event_id: Annotated[str, Path(description="Its `event_id`.", max_length=MAX_ID_CHARACTERS)],
    database: Database,
    known: Known,
    rescoring: Rescoring,
) -> Explanation:
    """Explains an event: scores around it, thresholds and who set them, what became of it and why.

    The scores are not stored: kept embeddings are scored again by the model that scored them then.
    Where that cannot be (embeddings are deleted after a day by default, and the model server may be
    away), the answer comes without a curve and says why.
    """
    from services.api.explaining import explanation_answer

    history = get_event(database, event_id)
    if history is None:
        raise HTTPException(404, f"no event has the id {shorten(event_id)}")
    return explanation_answer(database, rescoring, history, known)


@router.get("/devices/{device_id}/scores", tags=["devices"], responses=declared(404, 422, 503))
def get_scores(
    device_id: Annotated[str, Path(description="Its `id`.", max_length=MAX_ID_CHARACTERS)],
    query: Annotated[ScoresQuery, Query()],
    database: Database,
    known: Known,
    rescoring: Rescoring,
) -> DeviceScores:
    """Scores again what was kept of a device, and tells how each label stood at each patch.

    With `to` a second after `from` it says why something was no event at that moment.
    """
    if get_device(database, device_id) is None:
        raise HTTPException(404, f"no device with the id {shorten(device_id)} is registered")
    taxonomy = in_force(database, known, device_id)
    labels = _known_labels(query.label, taxonomy)
    answer: DeviceScores | str = "none is set for the api"
    if rescoring is not None:
        from services.api.scores_answer import scores_answer

        answer = scores_answer(rescoring.rescorer, taxonomy, device_id, query, labels)
    if isinstance(answer, str):
        detail = f"scores are asked of the model server: {answer}"
        raise HTTPException(503, detail, {"Retry-After": str(RETRY_AFTER_S)})
    return answer


def _known_labels(wanted: Sequence[str], taxonomy: Taxonomy) -> list[str]:
    names = [label.name for label in taxonomy.labels]
    for name in wanted:
        if name not in names:
            hint = did_you_mean(name, names)
            raise HTTPException(
                422,
                f"query parameter label={shorten(name)}: no such label is in force at the device"
                f"{hint}",
            )
    return list(wanted) or names
