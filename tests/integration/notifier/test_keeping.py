"""What was heard is kept once, whatever is delivered again, and whoever dies when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from earshot.contracts.messages import Prediction
from earshot.store.device_changes import put_device
from earshot.store.devices import Registration
from earshot.store.engine import reading
from earshot.store.kept_embeddings import KeptPatches, kept_patches
from earshot.store.retention import Retention
from tests.integration.notifier.conftest import Bench
from tests.integration.notifier.feeding import (
    BORN_NS,
    EMBEDDER,
    HOP,
    HOP_NS,
    MODEL,
    soundscape,
)
from tests.integration.notifier.test_every_crash import crashes

DEVICES = [f"device{number}" for number in range(3)]


def with_codes(played: Sequence[Prediction]) -> list[Prediction]:
    """Gives each patch codes of its own."""
    random = np.random.default_rng(7)
    shapes = [each.codes.shape for each in played]
    codes = [random.integers(0, 256, shape).astype(np.uint8) for shape in shapes]
    return [replace(each, codes=of_it) for each, of_it in zip(played, codes, strict=True)]


def kept(bench: Bench, device: str) -> list[KeptPatches]:
    with reading(bench.engine) as connection:
        return kept_patches(connection, device, 0, 2**63 - 1)


def kept_codes(bench: Bench) -> dict[str, list[list[int]]]:
    return {
        device: [code for each in kept(bench, device) for code in each.codes.tolist()]
        for device in DEVICES
    }


def played_codes(played: Sequence[Prediction]) -> dict[str, list[list[int]]]:
    codes: defaultdict[str, list[list[int]]] = defaultdict(list)
    for each in played:
        codes[each.header.device_id] += each.codes.tolist()
    return dict(codes)


@pytest.fixture
def played() -> list[Prediction]:
    return with_codes(soundscape(seed=11, num_devices=3, num_entries=30))


def test_what_was_heard_is_kept_as_it_was_heard(
    make_bench: Callable[[str], Bench], database_url: str, played: list[Prediction]
) -> None:
    bench = make_bench(database_url)
    bench.play(played)

    bench.notifier().run_until_idle()

    assert kept_codes(bench) == played_codes(played)
    for device in DEVICES:
        (patches,) = kept(bench, device)
        said = (patches.session_id, patches.model, patches.embedder, patches.embedding_space)
        assert said == ("01J", MODEL, EMBEDDER, "audioset-vggish-128")
        since_born = patches.at_ns - BORN_NS
        assert (since_born // HOP_NS == patches.first_samples // HOP).all()
        mine = [each for each in played if each.header.device_id == device]
        levels = np.concatenate([each.level_dbfs for each in mine])
        assert np.array_equal(patches.levels_dbfs, levels)


def test_what_is_delivered_again_is_kept_once(bench: Bench, played: list[Prediction]) -> None:
    bench.play([*played[:40], *played[20:40], *played[10:]])

    bench.notifier().run_until_idle()

    assert kept_codes(bench) == played_codes(played)


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_no_crash_keeps_anything_twice_or_not_at_all(
    make_bench: Callable[[str], Bench],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_after: bool,
) -> None:
    monkeypatch.setattr("services.notifier.loop.BATCH_ENTRIES", 4)
    played = with_codes(soundscape(seed=12, num_devices=3, num_entries=2))
    at, has_crashed = 0, True
    while has_crashed:
        at += 1
        bench = make_bench(f"sqlite:///{tmp_path / f'{at}.db'}")
        bench.play(played)

        has_crashed = crashes(bench, at, is_after=is_after)
        bench.notifier().run_until_idle()

        assert kept_codes(bench) == played_codes(played), f"crash at {at}"
    assert at > 20


def test_nothing_is_kept_when_the_setting_says_so(bench: Bench, played: list[Prediction]) -> None:
    bench.retention = Retention(embeddings_s=0)
    bench.play(played)

    bench.notifier().run_until_idle()

    assert kept_codes(bench) == {device: [] for device in DEVICES}
    assert bench.committed()


def test_a_policy_takes_effect_with_the_next_batch(bench: Bench, played: list[Prediction]) -> None:
    bench.play(played[:45])
    notifier = bench.notifier()
    notifier.run_until_idle()
    put_device(bench.engine, "device1", Registration(policy={"keep_embeddings": False}), "me")

    bench.play(played[45:])
    while notifier.step():
        pass

    expected = played_codes(played) | {"device1": played_codes(played[:45])["device1"]}
    assert kept_codes(bench) == expected


def test_a_part_that_cannot_be_read_is_not_kept(bench: Bench, played: list[Prediction]) -> None:
    number = next(n for n, each in enumerate(played) if len(each.codes) > 1)
    wrong = np.full_like(played[number].patch_scores, 2)
    bench.play([*played[:number], replace(played[number], patch_scores=wrong)])
    bench.play(played[number + 1 :])

    bench.notifier().run_until_idle()

    assert kept_codes(bench) == played_codes([*played[:number], *played[number + 1 :]])
