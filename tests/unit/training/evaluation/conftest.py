"""A small evaluation, made without TensorFlow; and a small bundle to run the command on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from earshot.embedding.card_writer import write_card
from earshot.embedding.model_card import read_card
from earshot.events.labels import ClassIndex, read_class_index
from earshot.events.scores import members_of
from earshot.events.taxonomy_file import load_taxonomy
from training.evaluation.class_measures import measure_classes
from training.evaluation.evaluation import Evaluation, measure
from training.evaluation.product_labels import measure_product_labels

# What HTML, SVG, CSV, Matplotlib and Rich each would stumble over.
NASTY_NAMES = (
    "<script>alert(1)</script>",
    'Bark & "Growl"',
    "$x$ and $y_{2}$",
    "--> ]]> </svg>",
    "[red]Rooster[/red]",
    "雨, 大雨",
    "a name so long that no drawing has the room to show the whole of it, ever",
    "Never heard",
)
TAXONOMY = """\
labels:
  - {name: "Dogs & <b>wolves</b>", category: animal, priority: low, classes: ['Bark & "Growl"']}
  - name: "[red]Birds"
    category: animal
    priority: low
    classes: ["[red]Rooster[/red]", "雨, 大雨"]
  - {name: Nothing, category: safety, priority: low, classes: [Never heard], on_score: 1.0}
"""
PETS = "labels: [{name: Pets, category: animal, priority: low, classes: [Dog, Cat]}]\n"


@pytest.fixture
def classes(tmp_path: Path) -> ClassIndex:
    file = tmp_path / "labels.csv"
    cells = [name.replace('"', '""') for name in NASTY_NAMES]
    rows = [f'{index},/m/{index},"{name}"\n' for index, name in enumerate(cells)]
    file.write_text("index,mid,display_name\n" + "".join(rows), encoding="utf-8")
    return read_class_index(file)


@pytest.fixture
def make_evaluation(tmp_path: Path, classes: ClassIndex) -> Callable[[np.ndarray], Evaluation]:
    """From labels (n, 8) to an evaluation whose scores go with them, more or less."""
    taxonomy_file = tmp_path / "taxonomy.yaml"
    taxonomy_file.write_text(TAXONOMY, encoding="utf-8")
    write_card(
        tmp_path,
        {
            **{"name": "small", "version": 3, "kind": "frame_level", "num_classes": 8},
            **{"embedding_space": "audioset-vggish-128", "metrics": {}, "date": "2026-01-31"},
            "data": [{"name": "<i>sounds</i>", "licence": "CC0"}, {"name": "more"}],
            "command": "python -m training.train --out '<here>'",
        },
    )

    def make(labels: np.ndarray) -> Evaluation:
        noise = np.random.default_rng(1).random(labels.shape, np.float32)
        scores = 0.7 * noise + np.float32(0.3) * labels
        taxonomy = load_taxonomy(taxonomy_file)
        members = members_of(taxonomy, classes)
        return Evaluation(
            card=read_card(tmp_path),
            classes=classes,
            pattern="<data>/*.tfrecord",
            command="earshot evaluate --data-pattern '<data>/*.tfrecord'",
            date="2026-02-28",
            scores=scores,
            labels=labels,
            damage=("<data>/a.tfrecord, byte 7: checksum of the payload does not match",),
            values=measure(scores, labels, num_damaged=1),
            per_class=measure_classes(scores, labels),
            product=measure_product_labels(taxonomy, members, scores, labels),
        )

    return make


@pytest.fixture
def evaluation(make_evaluation: Callable[[np.ndarray], Evaluation]) -> Evaluation:
    """Of 60 segments; the last class has no positive."""
    labels = np.random.default_rng(2).random((60, 8)) < 0.3
    labels[:, 7] = False
    return make_evaluation(labels)


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of `byte_bundle`, `bytes@4`."""
    pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")
    from tests.unit.training.evaluation.byte_bundle import write_bundle

    return write_bundle(tmp_path_factory.mktemp("models") / "bytes" / "4")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with `eval.tfrecord` (five segments, one of which is missed)."""
    from tests.unit.training.evaluation.byte_bundle import write_shard

    segments = [
        ([250, 10, 20, 1], [0]),
        ([200, 90, 30, 1], [0, 1]),
        ([10, 220, 40, 1], [1]),
        ([20, 120, 60, 1], [2]),
        ([30, 5, 240, 1], [2]),
    ]
    write_shard(tmp_path / "eval.tfrecord", segments)
    (tmp_path / "taxonomy.yaml").write_text(PETS)
    monkeypatch.chdir(tmp_path)
    return tmp_path
