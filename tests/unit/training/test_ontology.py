"""AudioSet's ontology as a bundle carries it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from training.errors import BadInput
from training.ontology import write_ontology


def test_nodes_keep_their_order_and_their_children(tmp_path: Path) -> None:
    nodes = [
        {"id": "/m/1", "name": "Vehicle", "child_ids": ["/m/2", "/m/3"], "description": "moves"},
        {"id": "/m/2", "name": "Bicycle, bike", "child_ids": []},
        {"id": "/m/3", "name": "Car", "child_ids": []},
    ]
    source = tmp_path / "ontology.json"
    source.write_text(json.dumps(nodes), encoding="utf-8")
    write_ontology(source, tmp_path / "ontology.csv")
    with (tmp_path / "ontology.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [
            ["mid", "display_name", "child_mids"],
            ["/m/1", "Vehicle", "/m/2 /m/3"],
            ["/m/2", "Bicycle, bike", ""],
            ["/m/3", "Car", ""],
        ]


@pytest.mark.parametrize("text", ["[{}]", "{", '"no"', '[{"id": 1, "name": "a"}]'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    source = tmp_path / "ontology.json"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="not AudioSet's ontology"):
        write_ontology(source, tmp_path / "ontology.csv")
    assert not (tmp_path / "ontology.csv").exists()
