"""Starts the model server: `python -m services.modelserver`; settings come from `EARSHOT_*`."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import structlog

from earshot.observability import configure_logging, start_metrics
from earshot.settings import Precision, SettingsError
from earshot.startup import load, refuse_to_start, warn_about_unknown_variables
from services.modelserver.backend import require_precision
from services.modelserver.errors import BadConfig, PrecisionUnsupported
from services.modelserver.grpc_api import Server
from services.modelserver.health import Health
from services.modelserver.loaded_version import LoadedVersion
from services.modelserver.loading import load_version
from services.modelserver.model_config import read_config_file
from services.modelserver.repository import Repository
from services.modelserver.rest_api import RestServer
from services.modelserver.settings import ModelServerSettings

# For the calls under way when the server is told to stop; a batch takes milliseconds.
_GRACE_S = 1.0

log = structlog.get_logger("services.modelserver")


def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    _parse_arguments()
    with refuse_to_start(PrecisionUnsupported, BadConfig):
        settings = load(ModelServerSettings)
        configure_logging("modelserver", settings)
        warn_about_unknown_variables(ModelServerSettings)
        for precision in _precisions(settings):
            require_precision(precision)
        start_metrics("modelserver", settings)
        repository = _repository(settings)
        health = Health()
        servers = _servers(settings, repository, health)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    for server in servers:
        server.start()
    try:
        _watch(repository, health, settings.modelserver_poll_s, stop)
    finally:
        health.stop()
        for server in servers:
            server.stop(_GRACE_S)
        repository.close()
        log.info("stopped")


def _parse_arguments() -> None:
    fields = ModelServerSettings.model_fields
    variables = "\n".join(
        f"  EARSHOT_{name.upper()}={'' if field.default in (None, {}) else field.default}"
        for name, field in fields.items()
    )
    argparse.ArgumentParser(
        prog="python -m services.modelserver",
        description="Serves SavedModels over TensorFlow Serving's gRPC and REST APIs.",
        epilog=f"Settings, read from the environment, with their defaults:\n{variables}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()


def _precisions(settings: ModelServerSettings) -> set[Precision]:
    return {settings.modelserver_precision, *settings.modelserver_model_precisions.values()}


def _repository(settings: ModelServerSettings) -> Repository:
    if not settings.models_dir.is_dir():
        raise SettingsError(f"EARSHOT_MODELS_DIR={str(settings.models_dir)!r}: no such folder")

    config_file = settings.modelserver_config_file
    configs = read_config_file(config_file) if config_file else None

    precisions = settings.modelserver_model_precisions

    def load_one(name: str, directory: Path) -> LoadedVersion:
        precision = precisions.get(name, settings.modelserver_precision)
        return load_version(directory, precision, settings.modelserver_num_threads)

    max_batch_rows = settings.modelserver_max_batch_rows
    return Repository(settings.models_dir, load_one, max_batch_rows, configs)


def _servers(
    settings: ModelServerSettings, repository: Repository, health: Health
) -> list[Server | RestServer]:
    """The gRPC server, and the REST server unless it is switched off."""
    host, port = settings.modelserver_host, settings.modelserver_port
    with _explain("PORT", port, host):
        server = Server(repository, health, host, port)
    log.info("listening", host=host, port=server.port, models_dir=str(settings.models_dir))
    if (rest_port := settings.modelserver_rest_port) is None:
        return [server]
    with _explain("REST_PORT", rest_port, host):
        rest = RestServer(repository, host, rest_port)
    log.info("rest listening", host=host, port=rest.port)
    return [server, rest]


@contextmanager
def _explain(setting: str, port: int, host: str) -> Iterator[None]:
    try:
        yield
    except OSError:
        raise SettingsError(
            f"EARSHOT_MODELSERVER_{setting}={port}: cannot listen on {host}"
        ) from None


def _watch(repository: Repository, health: Health, poll_s: float, stop: Event) -> None:
    """Follows the models folder; in the main thread, so that a defect here ends the process."""
    while not stop.is_set():
        was_serving = health.is_serving
        repository.poll()
        health.update(repository)
        if health.is_serving != was_serving:
            log.info("serving" if health.is_serving else "not serving")
        stop.wait(poll_s)


if __name__ == "__main__":
    main()
