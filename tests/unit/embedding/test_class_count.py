"""Labels, outputs and card agree on the number of classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from earshot.embedding.class_count import class_problems
from earshot.serving.v1.saved_model_pb2 import MetaGraphDef, SavedModel

# A graph for serving, with no signature.
EMPTY = SavedModel(
    meta_graphs=[MetaGraphDef(meta_info_def=MetaGraphDef.MetaInfoDef(tags=["serve"]))]
).SerializeToString()


def bundle(directory: Path, num_labels: int = 3, **sizes: int) -> Path:
    """A bundle without weights whose outputs have these sizes."""
    rows = [f"{index},/m/{index},class {index}\n" for index in range(num_labels)]
    (directory / "assets").mkdir()
    (directory / "assets" / "labels.csv").write_text("index,mid,display_name\n" + "".join(rows))
    model = SavedModel()
    graph = model.meta_graphs.add()
    graph.meta_info_def.tags.append("serve")
    signature = graph.signature_def["serving_default"]
    for name, size in {"scores": 3, "patch_scores": 3, **sizes}.items():
        signature.outputs[name].tensor_shape.dim.add(size=-1)
        signature.outputs[name].tensor_shape.dim.add(size=size)
    (directory / "saved_model.pb").write_bytes(model.SerializeToString())
    return directory


def problems(directory: Path, num_classes: int = 3) -> list[str]:
    return [text.removeprefix(f"{directory}/") for text in class_problems(directory, num_classes)]


def test_a_bundle_of_one_mind_has_no_problems(tmp_path: Path) -> None:
    assert problems(bundle(tmp_path)) == []


def test_an_open_size_passes(tmp_path: Path) -> None:
    assert problems(bundle(tmp_path, patch_scores=-1)) == []


def test_labels_are_counted(tmp_path: Path) -> None:
    assert problems(bundle(tmp_path, 4)) == ["assets/labels.csv: 4 classes; the card says 3"]


def test_every_output_is_measured(tmp_path: Path) -> None:
    assert problems(bundle(tmp_path, scores=5)) == [
        "saved_model.pb: scores gives 5 classes; the card says 3"
    ]


def test_missing_files_are_problems(tmp_path: Path) -> None:
    labels, network = problems(tmp_path)
    assert labels.startswith("assets/labels.csv: cannot be read")
    assert network.startswith("saved_model.pb: cannot be read (No such file or directory)")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xff\xff", "saved_model.pb: not a SavedModel, or not complete"),
        (b"", "saved_model.pb: no graph for serving, which has the tag serve alone"),
        (EMPTY, "saved_model.pb: its serving_default has no output scores"),
    ],
)
def test_a_network_without_outputs_is_a_problem(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (bundle(tmp_path) / "saved_model.pb").write_bytes(content)
    assert problems(tmp_path)[0] == reason
