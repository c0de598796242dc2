"""The ontology of AudioSet's classes, beside a bundle's list of them: what is a kind of what.

A taxonomy names whole subtrees by it. Some of its nodes are no class of any model: they only group.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

from training.errors import BadInput
from training.whole_file import whole_file

# AudioSet's own file, and ours made of it.
SOURCE_FILE = "ontology.json"
ONTOLOGY_FILE = "ontology.csv"


def write_ontology(source: Path, path: Path) -> None:
    """Writes a CSV with the header ``mid,display_name,child_mids``, one row per node.

    Args:
        source: AudioSet's `ontology.json`.
        path: The CSV; the children are separated by spaces.

    Raises:
        BadInput: The source is not such a file.
        OSError: The CSV cannot be written; what was there stays.
    """
    try:
        nodes = json.loads(source.read_text(encoding="utf-8"))
        rows = [(node["id"], node["name"], " ".join(node["child_ids"])) for node in nodes]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{source}: not AudioSet's ontology ({error})") from None
    with whole_file(path) as aside, aside.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["mid", "display_name", "child_mids"])
        writer.writerows(rows)
