"""The repository with a configuration: policies, labels, and another configuration."""

from pathlib import Path

import pytest

from services.modelserver.errors import (
    BadConfig,
    InvalidInput,
    LoadError,
    ModelNotFound,
    ReloadIncomplete,
)
from services.modelserver.model_config import ModelConfig, VersionPolicy
from services.modelserver.repository import Repository

TWO = VersionPolicy(num_latest=2)
ALL = VersionPolicy(num_latest=None)


def only(*numbers: int) -> VersionPolicy:
    return VersionPolicy(num_latest=None, numbers=frozenset(numbers))


@pytest.fixture
def put(tmp_path):
    def put_version(name: str, version: int, content: str = "fine") -> Path:
        folder = tmp_path / name / str(version)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "saved_model.pb").write_text(content)
        return folder

    return put_version


@pytest.fixture
def loads():
    return []


@pytest.fixture
def repository(tmp_path, make_model, loads):
    """Serves version 3 of demo; 1 and 2 lie beside it."""

    def load(name: str, folder: Path):
        loads.append((name, folder.relative_to(tmp_path).as_posix()))
        if (folder / "saved_model.pb").read_text() != "fine":
            raise LoadError("it is broken")
        return make_model()

    repository = Repository(tmp_path, load, max_batch_rows=8)
    for version in (1, 2, 3):
        (tmp_path / "demo" / str(version)).mkdir(parents=True)
        (tmp_path / "demo" / str(version) / "saved_model.pb").write_text("fine")
    repository.poll()
    yield repository
    repository.close()


@pytest.fixture
def reload(repository, tmp_path):
    def reload_demo(policy=VersionPolicy(), folder="demo", **labels):  # noqa: B008
        repository.reload({"demo": ModelConfig("demo", tmp_path / folder, policy, labels)})

    return reload_demo


def in_service(repository: Repository, name: str = "demo") -> list[int]:
    states = repository.states(name)
    numbers = [number for number, each in states if each.state == "AVAILABLE"]
    for number in numbers:
        assert repository.servable(name, number).version == number
    return numbers


@pytest.mark.parametrize(
    ("policy", "numbers"),
    [
        (VersionPolicy(), [3]),
        (TWO, [3, 2]),
        (VersionPolicy(num_latest=9), [3, 2, 1]),
        (ALL, [3, 2, 1]),
        (only(1), [1]),
        (only(1, 3, 7), [3, 1]),
    ],
)
def test_versions_of_the_policy_are_served_when_reloaded(repository, reload, policy, numbers):
    reload(policy)
    assert in_service(repository) == numbers
    assert repository.servable("demo").version == max(numbers)


def test_versions_in_service_are_not_loaded_again_when_the_policy_grows(repository, reload, loads):
    kept = repository.servable("demo")
    reload(TWO)
    assert repository.servable("demo") is kept
    assert loads == [("demo", "demo/3"), ("demo", "demo/2")]


def test_oldest_version_retires_when_a_new_one_comes(repository, reload, put):
    reload(TWO)
    put("demo", 4)
    repository.poll()
    assert in_service(repository) == [4, 3]


def test_next_best_version_is_served_when_one_is_broken(repository, reload, put):
    put("demo", 4, "half")
    reload(TWO)
    assert in_service(repository) == [3, 2]


def test_model_leaves_service_when_it_is_left_out(repository, tmp_path, put):
    put("other", 1)
    repository.reload({"other": ModelConfig("other", tmp_path / "other")})
    assert repository.availability() == {"other": True}
    assert in_service(repository, "other") == [1]
    assert in_service(repository) == []
    with pytest.raises(ModelNotFound):
        repository.servable("demo")


def test_version_is_loaded_anew_when_it_lies_in_another_folder(repository, reload, put, loads):
    put("elsewhere", 3)
    before = repository.servable("demo")
    reload(folder="elsewhere")
    assert loads[-1] == ("demo", "elsewhere/3")
    assert repository.servable("demo") is not before
    assert in_service(repository) == [3]


def test_label_means_its_version_when_asked_for(repository, reload):
    reload(TWO, stable=2, canary=3)
    assert repository.labelled("demo", "stable") == 2
    assert repository.labelled("demo", "canary") == 3
    for name, label in (("demo", "other"), ("nope", "stable")):
        with pytest.raises(InvalidInput, match=f"^Unrecognized servable version label: {label}$"):
            repository.labelled(name, label)


def test_label_stays_and_the_caller_is_told_when_its_new_version_is_not_in_service(
    repository, reload, put
):
    reload(TWO, stable=2)
    with pytest.raises(ReloadIncomplete, match="assign label to version 7 of model demo"):
        reload(TWO, stable=7)
    assert repository.labelled("demo", "stable") == 2
    put("demo", 7)
    repository.poll()
    assert repository.labelled("demo", "stable") == 7


def test_the_reason_is_told_when_a_model_cannot_be_served(repository, tmp_path, put):
    put("broken", 1, "half")
    names = ("broken", "absent", "demo")
    with pytest.raises(ReloadIncomplete) as raised:
        repository.reload({name: ModelConfig(name, tmp_path / name) for name in names})
    prefix = "1 servable(s) did not become available: "
    assert str(raised.value).split("; ") == [
        prefix + "{name: broken} due to error: it is broken",
        prefix + f"{{name: absent}} due to error: no such version in {tmp_path / 'absent'}",
    ]
    assert repository.availability() == {"broken": False, "absent": False, "demo": True}
    assert in_service(repository) == [3]


def test_nothing_changes_when_a_caller_names_a_folder_outside(repository, tmp_path):
    for path in (tmp_path.parent, tmp_path / ".." / "x", Path("/")):
        with pytest.raises(BadConfig, match="model demo: base_path is outside the models folder"):
            repository.reload({"demo": ModelConfig("demo", path)})
    assert in_service(repository) == [3]


def test_only_configured_models_are_served_when_the_start_has_a_configuration(
    tmp_path, make_model, put
):
    put("wanted", 1)
    put("other", 1)
    configs = {"mine": ModelConfig("mine", tmp_path / "wanted", labels={"stable": 1})}
    elsewhere = tmp_path / "models"
    repository = Repository(elsewhere, lambda name, folder: make_model(), 8, configs)
    repository.poll()
    assert repository.availability() == {"mine": True}
    assert repository.labelled("mine", "stable") == 1
    repository.reload({"again": ModelConfig("again", tmp_path / "wanted")})
    assert in_service(repository, "again") == [1]
    repository.close()
