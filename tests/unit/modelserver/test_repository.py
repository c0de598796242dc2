from pathlib import Path

import pytest

from earshot.serving.api import ModelState
from services.modelserver.errors import LoadError, ModelNotFound, Retired, StillLoading
from services.modelserver.repository import Repository


def put(models_dir: Path, name: str, version: int, content: str = "fine") -> Path:
    folder = models_dir / name / str(version)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "saved_model.pb").write_text(content)
    return folder


def remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


@pytest.fixture
def loads():
    """Every folder that was loaded, in order."""
    return []


@pytest.fixture
def repository(tmp_path, make_model, loads):
    def load(name: str, folder: Path):
        loads.append(folder.relative_to(tmp_path).as_posix())
        if (folder / "saved_model.pb").read_text() != "fine":
            raise LoadError("it is broken")
        return make_model()

    repository = Repository(tmp_path, load, max_batch_rows=8)
    yield repository
    repository.close()


@pytest.fixture
def load_any(tmp_path):
    """`load_any(load)`: a repository that loads in another way."""
    started = []

    def start(load) -> Repository:
        started.append(Repository(tmp_path, load, max_batch_rows=8))
        return started[-1]

    yield start
    for repository in started:
        repository.close()


def states(repository: Repository, name: str) -> list[tuple[int, str, str]]:
    return [(number, each.state, each.error) for number, each in repository.states(name)]


def test_newest_version_is_served_when_there_are_several(repository, tmp_path, loads):
    for version in (1, 2, 10):
        put(tmp_path, "demo", version)
    repository.poll()
    assert repository.servable("demo").version == 10
    assert loads == ["demo/10"]


def test_old_version_answers_until_the_new_one_is_loaded_and_then_retires(
    repository, tmp_path, make_request
):
    put(tmp_path, "demo", 1)
    repository.poll()
    old = repository.servable("demo")
    waiting = old.batcher("serving_default").result(10).submit(make_request(1, 2, 3))
    put(tmp_path, "demo", 2)
    repository.poll()
    assert repository.servable("demo").version == 2
    assert waiting.result(10)["scores"].tolist() == [[6.0] * 4]
    with pytest.raises(Retired):
        old.batcher("serving_default")
    assert states(repository, "demo") == [(2, "AVAILABLE", ""), (1, "END", "")]


def test_old_version_stays_when_the_new_one_is_broken(repository, tmp_path):
    put(tmp_path, "demo", 1)
    repository.poll()
    put(tmp_path, "demo", 2, "half")
    repository.poll()
    assert repository.servable("demo").version == 1
    assert states(repository, "demo") == [(2, "END", "it is broken"), (1, "AVAILABLE", "")]


def test_older_version_is_served_when_the_newest_is_broken_at_the_start(repository, tmp_path):
    put(tmp_path, "demo", 1)
    put(tmp_path, "demo", 2, "half")
    repository.poll()
    assert repository.servable("demo").version == 1


def test_broken_version_is_tried_again_only_when_its_files_change(repository, tmp_path, loads):
    put(tmp_path, "demo", 1, "half")
    repository.poll()
    repository.poll()
    assert loads == ["demo/1"]
    put(tmp_path, "demo", 1)
    repository.poll()
    assert repository.servable("demo").version == 1
    assert loads == ["demo/1", "demo/1"]


def test_all_else_is_served_when_a_load_raises_whatever_it_may(tmp_path, make_model, load_any):
    def load(name: str, folder: Path):
        if name == "foreign":
            raise KeyError("predict_images")
        return make_model()

    repository = load_any(load)
    for name in ("demo", "foreign", "other"):
        put(tmp_path, name, 1)
    repository.poll()
    assert repository.availability() == {"demo": True, "foreign": False, "other": True}
    assert states(repository, "foreign") == [(1, "END", "KeyError: 'predict_images'")]


def test_version_waits_for_the_next_poll_when_its_files_change_while_it_is_loaded(
    tmp_path, make_model, load_any
):
    """As with `cp -r`, which brings the card last."""
    loaded = []

    def load(name: str, folder: Path):
        if not loaded:
            (folder / "card.json").write_text("{}")
        loaded.append(make_model())
        return loaded[-1]

    repository = load_any(load)
    folder = put(tmp_path, "demo", 1)
    repository.poll()
    assert loaded[0].is_closed
    sentence = f"{folder}: its files changed while they were loaded"
    assert states(repository, "demo") == [(1, "END", sentence)]

    repository.poll()
    assert repository.servable("demo").loaded is loaded[1]


def test_older_version_returns_when_the_newest_is_removed(repository, tmp_path):
    put(tmp_path, "demo", 1)
    newest = put(tmp_path, "demo", 2)
    repository.poll()
    remove(newest)
    repository.poll()
    assert repository.servable("demo").version == 1
    assert states(repository, "demo") == [(2, "END", ""), (1, "AVAILABLE", "")]


def test_model_leaves_service_when_no_version_is_left(repository, tmp_path):
    folder = put(tmp_path, "demo", 1)
    repository.poll()
    remove(folder)
    repository.poll()
    with pytest.raises(ModelNotFound):
        repository.servable("demo")
    assert states(repository, "demo") == [(1, ModelState.END, "")]


def test_models_stay_when_the_folder_cannot_be_read(repository, tmp_path):
    put(tmp_path, "demo", 1)
    repository.poll()
    tmp_path.rename(tmp_path.with_name("away"))
    repository.poll()
    tmp_path.with_name("away").rename(tmp_path)
    assert repository.servable("demo").version == 1


def test_sentence_is_tensorflow_servings_when_nothing_fits(repository, tmp_path):
    put(tmp_path, "demo", 1)
    repository.poll()
    with pytest.raises(ModelNotFound, match=r"Servable not found for request: Latest\(nope\)$"):
        repository.servable("nope")
    with pytest.raises(ModelNotFound, match=r"not found for request: Specific\(demo, 7\)$"):
        repository.servable("demo", 7)
    with pytest.raises(ModelNotFound, match="Could not find any versions of model nope$"):
        repository.states("nope")
    with pytest.raises(ModelNotFound, match="Could not find version 7 of model demo$"):
        repository.states("demo", 7)


def test_caller_is_told_to_wait_when_nothing_has_been_loaded_yet(repository):
    with pytest.raises(StillLoading, match="still being loaded"):
        repository.servable("demo")
    with pytest.raises(StillLoading, match="still being loaded"):
        repository.states("demo")


def test_availability_names_what_is_in_the_folder_when_asked(repository, tmp_path):
    assert repository.availability() == {}
    put(tmp_path, "demo", 1)
    put(tmp_path, "broken", 1, "half")
    repository.poll()
    assert repository.availability() == {"demo": True, "broken": False}
