"""A label or a category that nothing has is a mistake of whoever asks, and is told so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from typing import Annotated, TypeAlias

from fastapi import Depends, HTTPException
from sqlalchemy import Engine

from earshot.events.event import SCENE_CATEGORY
from earshot.events.hint import did_you_mean
from earshot.events.taxonomy import Taxonomy
from earshot.store.heard_names import heard_categories, heard_labels
from services.api.dependencies import Database, Known
from services.api.problem_handlers import shorten


def refuse_unknown_names(
    database: Engine, taxonomy: Taxonomy, labels: Collection[str], categories: Collection[str]
) -> None:
    """Refuses what neither the taxonomy knows nor any stored event has.

    Without a taxonomy nothing is known, and nothing is refused.

    Raises:
        HTTPException: 422; names the parameter, with a did-you-mean.
        StoreUnavailable: The database does not answer.
    """
    if not taxonomy.labels:
        return
    sentences: list[str] = []
    known = {label.name for label in taxonomy.labels} | {
        scene.name for scene in taxonomy.scenes.scenes
    }
    if not known.issuperset(labels):
        known |= heard_labels(database)
        sentences += _unknown("label", labels, known, "`/v1/labels` lists them")
    known = {label.category for label in taxonomy.labels} | {SCENE_CATEGORY}
    if not known.issuperset(categories):
        known |= heard_categories(database)
        listed = f"there are {', '.join(sorted(known))}"
        sentences += _unknown("category", categories, known, listed)
    if sentences:
        raise HTTPException(422, "; ".join(sentences))


def _unknown(kind: str, asked: Iterable[str], known: Collection[str], else_: str) -> Iterator[str]:
    for name in asked:
        if name not in known:
            hint = did_you_mean(name, known) or f"; {else_}"
            yield f"query parameter {kind}={shorten(name)}: there is no such {kind}{hint}"


async def _names_check(
    database: Database, taxonomy: Known
) -> Callable[[Collection[str], Collection[str]], None]:
    return partial(refuse_unknown_names, database, taxonomy)


NamesCheck: TypeAlias = Annotated[
    Callable[[Collection[str], Collection[str]], None], Depends(_names_check)
]
"""`refuse_unknown_names` of labels and categories, for a route."""
