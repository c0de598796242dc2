"""SavedModels made with TensorFlow, the model server as a process, and the official client."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import grpc
import numpy as np
import pytest

from earshot.serving.client import ServingClient
from tests.integration.modelserver.saved_models import (
    save_examples,
    save_frame_level,
    save_plain,
)

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def official() -> SimpleNamespace:
    """TensorFlow as `tf`, and the messages and stubs of tensorflow-serving-api."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow's own, at import
        reason = "needs the oracle: uv sync --extra training --group dev"
        tf = pytest.importorskip("tensorflow", reason=reason)
        pytest.importorskip("tensorflow_serving.apis.predict_pb2", reason=reason)
        from tensorflow.core.protobuf import saved_model_pb2
        from tensorflow_serving.apis import (
            get_model_metadata_pb2,
            get_model_status_pb2,
            model_management_pb2,
            model_service_pb2_grpc,
            predict_pb2,
            prediction_log_pb2,
            prediction_service_pb2_grpc,
        )
    return SimpleNamespace(
        tf=tf,
        saved_model=saved_model_pb2,
        predict=predict_pb2,
        log=prediction_log_pb2,
        metadata=get_model_metadata_pb2,
        status=get_model_status_pb2,
        management=model_management_pb2,
        prediction_stub=prediction_service_pb2_grpc.PredictionServiceStub,
        model_stub=model_service_pb2_grpc.ModelServiceStub,
    )


@pytest.fixture(scope="session")
def bundles(official: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SavedModels `first` and `second` (the same model, other weights) and `plain`."""
    folder = tmp_path_factory.mktemp("bundles")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        save_frame_level(official.tf, folder / "first", seed=1)
        save_frame_level(official.tf, folder / "second", seed=2)
        save_plain(official.tf, folder / "plain")
    return folder


@pytest.fixture(scope="session")
def fallbacks(official: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SavedModels that OpenVINO rejects, in all or in part.

    `frames` is `first` of `bundles` with an operation that only TensorFlow has. `examples` takes
    serialised examples; `both` does so in the signature `examples`, and takes numbers otherwise;
    `nameless` has two signatures, and neither is `serving_default`.
    """
    folder = tmp_path_factory.mktemp("fallbacks")
    tf = official.tf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        save_frame_level(tf, folder / "frames", seed=1, only_tensorflow=True)
        save_examples(tf, folder / "examples", {"serving_default": "examples"})
        both = {"serving_default": "dense", "examples": "examples"}
        save_examples(tf, folder / "both", both)
        save_examples(tf, folder / "nameless", {"dense": "dense", "examples": "examples"})
    return folder


@pytest.fixture(scope="session")
def expected(official: SimpleNamespace, bundles: Path) -> Callable[..., dict[str, np.ndarray]]:
    """`expected("first", inputs)`: what TensorFlow computes."""
    loaded = {each.name: official.tf.saved_model.load(str(each)) for each in bundles.iterdir()}

    def compute(bundle: str, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        tensors = {name: official.tf.constant(array) for name, array in inputs.items()}
        outputs = loaded[bundle].signatures["serving_default"](**tensors)
        return {name: tensor.numpy() for name, tensor in outputs.items()}

    return compute


def put(bundle: Path, models_dir: Path, name: str, version: int) -> Path:
    """Brings a version in as an operator should: copied aside, then renamed."""
    target = models_dir / name / str(version)
    aside = target.with_name(f".{version}")
    shutil.copytree(bundle, aside)
    return aside.rename(target)


@pytest.fixture(scope="session", name="put")
def put_fixture() -> Callable[[Path, Path, str, int], Path]:
    return put


def until(condition: Callable[[], object], timeout_s: float = 30.0) -> None:
    """Returns once the condition holds."""
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, "the condition did not come true in time"
        time.sleep(0.02)


@pytest.fixture(scope="session", name="until")
def until_fixture() -> Callable[..., None]:
    return until


class ModelServer:
    """A model server process on a free port; its log lines are `events`."""

    def __init__(self, models_dir: Path, folder: Path, **settings: object) -> None:
        self._log = folder / "modelserver.log"
        kept = {name: text for name, text in os.environ.items() if not name.startswith("EARSHOT_")}
        given = {"MODELS_DIR": models_dir, "MODELSERVER_PORT": 0, "MODELSERVER_POLL_S": 0.05}
        given["MODELSERVER_REST_PORT"] = 0
        given |= {name.upper(): value for name, value in settings.items()}
        environment = kept | {f"EARSHOT_{name}": str(value) for name, value in given.items()}
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services.modelserver"],
                cwd=REPOSITORY,
                env=environment,
                stderr=log,
            )

    def log(self) -> str:
        return self._log.read_text()

    def events(self, name: str) -> list[dict[str, object]]:
        lines = self.log().splitlines(keepends=True)
        parsed = [json.loads(line) for line in lines if line.startswith("{") and line[-1] == "\n"]
        return [event for event in parsed if event["event"] == name]

    @property
    def has_tensorflow(self) -> bool:
        """Whether TensorFlow's libraries are in its memory."""
        return "_pywrap_tensorflow_internal" in Path(f"/proc/{self.process.pid}/maps").read_text()

    @property
    def target(self) -> str:
        until(lambda: self.events("listening") or self.process.poll() is not None)
        assert self.process.poll() is None, self.log()
        return f"127.0.0.1:{self.events('listening')[0]['port']}"

    @property
    def rest(self) -> str:
        """Where the models are asked over REST."""
        self.wait_until_serving()
        return f"http://127.0.0.1:{self.events('rest listening')[0]['port']}/v1/models"

    def wait_until_serving(self) -> None:
        until(lambda: self.events("serving") or self.process.poll() is not None)
        assert self.process.poll() is None, self.log()

    def stop(self) -> int:
        """Ends it as an orchestrator does; gives the exit code."""
        self.process.terminate()
        return self.process.wait(20)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(20)


@pytest.fixture(scope="session")
def model_server() -> type[ModelServer]:
    return ModelServer


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., ModelServer]]:
    """`start(models_dir, **settings)`: a server of the test's own, ended with the test."""
    started: list[ModelServer] = []

    def start_one(models_dir: Path, **settings: object) -> ModelServer:
        folder = tmp_path / f"server-{len(started)}"
        folder.mkdir()
        started.append(ModelServer(models_dir, folder, **settings))
        return started[-1]

    yield start_one
    for server in started:
        server.kill()


@pytest.fixture(scope="session")
def server(bundles: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    """A server for tests that change nothing: `demo` in version 2, `plain` in version 1."""
    folder = tmp_path_factory.mktemp("modelserver")
    models_dir = folder / "models"
    put(bundles / "first", models_dir, "demo", 1)
    put(bundles / "second", models_dir, "demo", 2)
    put(bundles / "plain", models_dir, "plain", 1)
    running = ModelServer(models_dir, folder)
    try:
        running.wait_until_serving()
        yield running
        assert running.stop() == 0
    finally:
        running.kill()


@pytest.fixture
def client(server: ModelServer) -> Iterator[ServingClient]:
    with ServingClient(server.target) as running:
        yield running


@pytest.fixture
def channel(server: ModelServer) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(server.target) as running:
        yield running


@pytest.fixture
def codes() -> Callable[[int, int], dict[str, np.ndarray]]:
    """`codes(n, t)`: n rows of t frames, of which a random number counts."""
    rng = np.random.default_rng(5)

    def make(num_rows: int, num_frames: int) -> dict[str, np.ndarray]:
        return {
            "embeddings": rng.integers(0, 256, (num_rows, num_frames, 128), dtype=np.uint8),
            "num_frames": rng.integers(1, num_frames + 1, num_rows, dtype=np.int32),
        }

    return make
