from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from earshot.contracts.messages import Header, Prediction
from earshot.embedding.model_card import AUDIOSET_SPACE
from services.notifier.keeping import Keeping

HEADER = Header("kitchen", "01J", 7, first_sample=30_720, captured_at_ns=10**18)


def prediction(num_patches: int, header: Header = HEADER) -> Prediction:
    scores = np.zeros((num_patches, 3), np.float16)
    codes = np.arange(num_patches * 128, dtype=np.uint64).astype(np.uint8).reshape(-1, 128)
    levels_dbfs = np.linspace(-40, -20, num_patches, dtype=np.float32)
    return Prediction(header, "toy@1", scores, scores, codes, levels_dbfs, "ears@2")


def test_each_patch_has_its_sample_and_its_time() -> None:
    keeping, heard = Keeping(is_on=True), prediction(3)

    keeping.add(heard)

    (patches,) = keeping.patches()
    assert (patches.device_id, patches.session_id) == ("kitchen", "01J")
    assert (patches.model, patches.embedder) == ("toy@1", "ears@2")
    assert patches.embedding_space == AUDIOSET_SPACE
    assert patches.first_samples.tolist() == [30_720, 46_080, 61_440]
    assert (patches.at_ns - 10**18).tolist() == [0, 960_000_000, 1_920_000_000]
    assert np.array_equal(patches.codes, heard.codes)
    assert np.array_equal(patches.levels_dbfs, heard.level_dbfs)


def test_nothing_is_kept_twice() -> None:
    keeping = Keeping(is_on=True)
    keeping.add(prediction(1))

    keeping.clear()

    assert keeping.patches() == []


@pytest.mark.parametrize(
    ("is_on", "num_patches", "fields"),
    [
        (False, 2, {}),
        (True, 0, {}),
        (True, 2, {"captured_at_ns": 0}),
        (True, 2, {"captured_at_ns": 2**63 - 1}),
        (True, 2, {"first_sample": 2**64 - 1}),
    ],
    ids=["off", "no patches", "no time", "a time beyond reason", "a sample beyond reason"],
)
def test_what_could_not_be_found_again_is_not_kept(
    is_on: bool, num_patches: int, fields: dict[str, int]
) -> None:
    keeping = Keeping(is_on=is_on)

    keeping.add(prediction(num_patches, replace(HEADER, **fields)))  # type: ignore[arg-type]

    assert keeping.patches() == []
