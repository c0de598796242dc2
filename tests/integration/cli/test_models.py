"""The models of the command line are loaded as the model server loads them."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from earshot.cli.errors import CannotStart
from earshot.cli.hearing.models import load_models
from earshot.embedding.card_writer import write_card
from earshot.embedding.model_card import AUDIOSET_SPACE
from earshot.settings import ModelSettings
from services.modelserver.warm_up import RECORDS
from tests.conftest import REPOSITORY
from tests.integration.modelserver.saved_models import NUM_CLASSES, save_frame_level


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A frame-level bundle that only TensorFlow can run, beside the embedder that ships."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow's own
        tf = pytest.importorskip("tensorflow", reason="needs the tensorflow extra")
        folder = tmp_path / "demo" / "1"
        save_frame_level(tf, folder, seed=1, only_tensorflow=True)
    (tmp_path / "vggish-compact").symlink_to(REPOSITORY / "models" / "vggish-compact")
    rows = [f"{index},/m/{index},Sound {index}\n" for index in range(NUM_CLASSES)]
    labels = folder / "assets" / "labels.csv"
    labels.parent.mkdir(exist_ok=True)
    labels.write_text("index,mid,display_name\n" + "".join(rows))
    return folder


def settings(bundle: Path) -> ModelSettings:
    texts = {"name": "demo", "kind": "frame_level", "embedding_space": AUDIOSET_SPACE}
    made = {"data": [], "metrics": {}, "command": "none", "date": "2026-01-01"}
    write_card(bundle, {**texts, **made, "version": 1, "num_classes": NUM_CLASSES})
    return ModelSettings(models_dir=bundle.parents[1], model="demo")


def test_tensorflow_hears_when_openvino_rejects_the_model(bundle: Path) -> None:
    models = load_models(settings(bundle))
    codes = np.zeros((2, 3, 128), np.uint8)
    scored = models.predict(codes, np.array([3, 1], np.int32))
    assert (scored.scores.shape, scored.patch_scores.shape) == ((2, 37), (2, 3, 37))
    assert (scored.model, models.model) == ("demo@1", "demo@1")


def test_a_model_is_refused_when_the_model_server_would_not_serve_it(bundle: Path) -> None:
    (bundle / RECORDS).parent.mkdir()
    (bundle / RECORDS).write_bytes(b"cut")
    with pytest.raises(CannotStart, match="warmup_requests, byte 0: cut within a record's length"):
        load_models(settings(bundle))
