"""A device's scores over a stretch of time, as the api shows them."""

from __future__ import annotations

from collections.abc import Collection

from earshot.events.cloud_event import utc_text
from earshot.events.errors import BadScores
from earshot.events.taxonomy import Taxonomy
from services.api.convert import LEVEL_DIGITS, SCORE_DIGITS
from services.api.device_scores import ToldStretch, told_stretches
from services.api.explaining import PATCH_S, rounded
from services.api.rescorer import CannotScore, Rescorer
from services.api.scores_parameters import ScoresQuery
from services.api.scores_schemas import DeviceScores, LabelScores, ScoredStretch, StandingChange

NOTHING_KEPT = (
    "no embeddings are kept of that time: nothing was heard, the device's policy keeps none, or "
    "they were old enough to be deleted"
)


def scores_answer(
    rescorer: Rescorer,
    taxonomy: Taxonomy,
    device_id: str,
    query: ScoresQuery,
    labels: Collection[str],
) -> DeviceScores | str:
    """Returns what was kept of a device, scored again; or a sentence that says why it cannot be.

    Args:
        rescorer: What scores.
        taxonomy: In force at the device.
        device_id: The device.
        query: Which stretch of time.
        labels: Which labels of the taxonomy to tell of.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    try:
        told = told_stretches(rescorer, taxonomy, device_id, query.from_ns, query.to_ns, labels)
    except (CannotScore, BadScores) as error:
        return str(error)
    return DeviceScores(
        device_id=device_id,
        from_=utc_text(query.from_ns),
        to=utc_text(query.to_ns),
        patch_s=PATCH_S,
        taxonomy_hash=taxonomy.taxonomy_hash,
        stretches=[_stretch(each, taxonomy) for each in told],
        missing_because="" if told else NOTHING_KEPT,
        notes=list(dict.fromkeys(each.served.remark for each in told if each.served.remark)),
    )


def _stretch(told: ToldStretch, taxonomy: Taxonomy) -> ScoredStretch:
    stretch, positions = told.stretch, told.positions
    return ScoredStretch(
        session_id=stretch.session_id,
        model=told.served.model,
        embedder=stretch.embedder,
        at=[utc_text(at_ns) for at_ns in stretch.at_ns[positions].tolist()],
        level_dbfs=rounded(stretch.levels_dbfs[positions], LEVEL_DIGITS),
        labels=[
            LabelScores(
                label=label.name,
                on_score=label.on_score,
                off_score=label.off_score,
                score=[round(score, SCORE_DIGITS) for score in told.labels[label.name].scores],
                standings=[
                    StandingChange(
                        at=utc_text(at_ns), standing=each.standing.value, sentence=each.sentence
                    )
                    for at_ns, each in told.labels[label.name].changes
                ],
            )
            for label in taxonomy.labels
            if label.name in told.labels
        ],
    )
