"""From a bundle and labelled segments to everything that is measured of them."""

from __future__ import annotations

from rich.console import Console

from earshot.events.scores import Members
from earshot.events.taxonomy import Taxonomy
from training.errors import BadInput
from training.evaluation.bundle import Bundle, score_segments
from training.evaluation.class_measures import measure_classes
from training.evaluation.evaluation import Evaluation, measure
from training.evaluation.product_labels import measure_product_labels
from training.readers import Segments
from training.session import command_line, today
from training.tfrecord import DamageKind


def evaluate_bundle(
    bundle: Bundle,
    segments: Segments,
    labels: tuple[Taxonomy, Members] | None,
    pattern: str,
    console: Console,
) -> Evaluation:
    """Scores every segment with the bundle as TensorFlow loads it, and measures that.

    Args:
        bundle: From `open_bundle`.
        segments: At least one.
        labels: The product's, with the classes they gather; None to measure classes alone.
        pattern: Where the segments came from.
        console: Where progress goes, and how many classes have no positive example.

    Raises:
        BadInput: The bundle gives no scores, or a record names a class that it does not have.
    """
    _refuse_unknown_labels(bundle, segments)
    scores = score_segments(bundle, segments, console)
    per_class = measure_classes(scores, segments.labels)
    num_empty = len(per_class.without_positives)
    if num_empty:
        sentence = f"{num_empty} of {len(bundle.classes)} classes have no positive example"
        console.print(f"{sentence}: left out of the means", style="yellow", soft_wrap=True)
    return Evaluation(
        card=bundle.card,
        classes=bundle.classes,
        pattern=pattern,
        command=command_line("training.evaluate"),
        date=today(),
        scores=scores,
        labels=segments.labels,
        damage=tuple(map(str, segments.damaged)),
        values=measure(scores, segments.labels, len(segments.damaged)),
        per_class=per_class,
        product=labels and measure_product_labels(*labels, scores, segments.labels),
    )


def _refuse_unknown_labels(bundle: Bundle, segments: Segments) -> None:
    """Refuses data of more classes: measured on the rest, the bundle would look too good."""
    for damage in segments.damaged:
        if damage.kind is DamageKind.LABEL:
            name = bundle.card.name_version
            raise BadInput(f"{damage}; {name} has {len(bundle.classes)} classes")
