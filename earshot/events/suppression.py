"""Who suppresses whom among labels, and whether that goes in a circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def suppressed_by_each(
    masks: Mapping[str, Sequence[str]], parents: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Returns, by name of a label, the labels it suppresses: those it masks, and its parent.

    Args:
        masks: The labels that each one masks.
        parents: The parent of each label that has one, in a list.
    """
    return {name: [*masks[name], *parents.get(name, [])] for name in masks}


def first_circle(edges: Mapping[str, Sequence[str]]) -> list[str]:
    """Returns a circle, its first name again at the end; empty when there is none.

    Args:
        edges: By name, the names it leads to; a name that is no key leads nowhere.
    """
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        pending = [iter([start])]
        while pending:
            name = next(pending[-1], None)
            if name is None:
                pending.pop()
                if path:
                    done.add(path.pop())
            elif name in path:
                return [*path[path.index(name) :], name]
            elif name not in done:
                path.append(name)
                pending.append(iter(edges.get(name, [])))
    return []
