"""Versions come, fail and go while the server runs."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from earshot.serving.api import ModelState
from earshot.serving.client import ServingClient
from earshot.serving.errors import ModelRefused

AVAILABLE, END = ModelState.AVAILABLE, ModelState.END


@pytest.fixture
def models_dir(tmp_path, bundles, put):
    """A models folder that the test may change, with version 1 of `demo`."""
    put(bundles / "first", tmp_path / "models", "demo", 1)
    return tmp_path / "models"


@pytest.fixture
def running(start, models_dir):
    server = start(models_dir)
    server.wait_until_serving()
    return server


@pytest.fixture
def client(running):
    with ServingClient(running.target) as connected:
        yield connected


def test_no_call_fails_when_a_new_version_takes_over_under_load(
    *, models_dir, client, bundles, expected, put, until, codes
):
    requests = [codes(int(rows), int(frames)) for rows, frames in ((1, 10), (2, 3), (4, 25))]
    references = {
        1: [expected("first", inputs)["scores"] for inputs in requests],
        2: [expected("second", inputs)["scores"] for inputs in requests],
    }
    stop = Event()

    def ask_until_stopped(place: int) -> list[int]:
        versions = []
        while not stop.is_set():
            place = (place + 1) % len(requests)
            outputs, version = client.predict("demo", requests[place])
            reference = references[version][place]
            np.testing.assert_allclose(outputs["scores"], reference, rtol=0, atol=1e-5)
            versions.append(version)
        return versions

    with ThreadPoolExecutor(8) as pool:
        callers = [pool.submit(ask_until_stopped, place) for place in range(8)]
        try:
            put(bundles / "second", models_dir, "demo", 2)
            until(lambda: client.status("demo") == [(2, AVAILABLE), (1, END)])
            until(lambda: client.predict("demo", requests[0])[1] == 2)
        finally:
            stop.set()
        histories = [caller.result(30) for caller in callers]
    for versions in histories:
        assert versions == sorted(versions), "a caller went back to the old version"
    with pytest.raises(ModelRefused, match=r"Specific\(demo, 1\)"):
        client.predict("demo", requests[0], version=1)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: (folder / "saved_model.pb").unlink(), "No such file"),
        (lambda folder: (folder / "saved_model.pb").write_bytes(b"\x12\x7f"), "not complete"),
        (lambda folder: shutil.rmtree(folder / "variables"), "not initialized"),
        (lambda folder: cut(folder / "variables" / "variables.data-00000-of-00001"), "exceed"),
        (lambda folder: cut(folder / "variables" / "variables.index"), "index file"),
    ],
    ids=["no graph", "cut graph", "no weights", "cut weights", "cut index"],
)
def test_old_version_stays_and_the_reason_is_told_when_the_new_one_is_broken(
    *, running, models_dir, client, bundles, until, damage, reason, codes, tmp_path
):
    broken = shutil.copytree(bundles / "second", tmp_path / "broken")
    damage(broken)
    broken.rename(models_dir / "demo" / "2")
    until(lambda: client.status("demo") == [(2, END), (1, AVAILABLE)])
    assert client.predict("demo", codes(1, 2))[1] == 1
    assert reason in str(running.events("version not served")[0]["reason"])

    for path in (bundles / "second").rglob("*"):  # the copy goes on and ends
        if path.is_file():
            target = models_dir / "demo" / "2" / path.relative_to(bundles / "second")
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, target)
    until(lambda: client.status("demo") == [(2, AVAILABLE), (1, END)])
    assert client.predict("demo", codes(1, 2))[1] == 2


def cut(path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_old_weights_stay_when_someone_copies_over_a_version_in_use(
    models_dir, client, expected, codes
):
    for path in (models_dir / "demo" / "1" / "variables").iterdir():
        path.write_bytes(b"")
    inputs = codes(2, 10)
    scores = client.predict("demo", inputs)[0]["scores"]
    np.testing.assert_allclose(scores, expected("first", inputs)["scores"], rtol=0, atol=1e-5)


def test_older_version_returns_when_the_new_one_is_removed(
    models_dir, client, bundles, put, until, codes
):
    newest = put(bundles / "second", models_dir, "demo", 2)
    until(lambda: client.status("demo") == [(2, AVAILABLE), (1, END)])
    shutil.rmtree(newest)
    until(lambda: client.status("demo") == [(2, END), (1, AVAILABLE)])
    assert client.predict("demo", codes(1, 1))[1] == 1


def test_new_model_is_served_when_its_folder_appears(models_dir, client, bundles, put, until):
    put(bundles / "plain", models_dir, "plain", 3)

    def is_available() -> bool:
        try:
            return client.status("plain") == [(3, AVAILABLE)]
        except ModelRefused:  # not seen yet
            return False

    until(is_available)
    outputs, version = client.predict("plain", {"x": np.ones((1, 2), np.float32)})
    assert (outputs["sum"].tolist(), version) == ([2.0], 3)


def test_embedder_bundles_are_ignored_when_they_share_the_folder(start, models_dir):
    embedder = models_dir / "vggish-compact" / "1"
    embedder.mkdir(parents=True)
    (embedder / "model.xml").write_text("<net/>")
    server = start(models_dir)
    server.wait_until_serving()
    with ServingClient(server.target) as client, pytest.raises(ModelRefused, match="NOT_FOUND"):
        client.status("vggish-compact")
    assert not server.events("version not served")
