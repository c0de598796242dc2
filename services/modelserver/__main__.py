"""Starts the model server: `python -m services.modelserver`; settings come from `EARSHOT_*`."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path
from threading import Event

import structlog

from earshot.observability import configure_logging, start_metrics
from earshot.settings import SettingsError
from earshot.startup import load, refuse_to_start, warn_about_unknown_variables
from services.modelserver.backend import SavedModel, require_precision
from services.modelserver.errors import PrecisionUnsupported
from services.modelserver.grpc_api import Server
from services.modelserver.health import Health
from services.modelserver.repository import Repository
from services.modelserver.settings import ModelServerSettings

# For the calls under way when the server is told to stop; a batch takes milliseconds.
_GRACE_S = 1.0

log = structlog.get_logger("services.modelserver")


def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    _parse_arguments()
    with refuse_to_start(PrecisionUnsupported):
        settings = load(ModelServerSettings)
        configure_logging("modelserver", settings)
        warn_about_unknown_variables(ModelServerSettings)
        require_precision(settings.modelserver_precision)
        start_metrics("modelserver", settings)
        repository = _repository(settings)
        health = Health()
        server = _server(settings, repository, health)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server.start()
    try:
        _watch(repository, health, settings.modelserver_poll_s, stop)
    finally:
        health.stop()
        server.stop(_GRACE_S)
        repository.close()
        log.info("stopped")


def _parse_arguments() -> None:
    fields = ModelServerSettings.model_fields
    variables = "\n".join(
        f"  EARSHOT_{name.upper()}={'' if field.default is None else field.default}"
        for name, field in fields.items()
    )
    argparse.ArgumentParser(
        prog="python -m services.modelserver",
        description="Serves SavedModels over TensorFlow Serving's gRPC API.",
        epilog=f"Settings, read from the environment, with their defaults:\n{variables}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()


def _repository(settings: ModelServerSettings) -> Repository:
    if not settings.models_dir.is_dir():
        raise SettingsError(f"EARSHOT_MODELS_DIR={str(settings.models_dir)!r}: no such folder")

    def load_version(directory: Path) -> SavedModel:
        return SavedModel.load(
            directory, settings.modelserver_precision, settings.modelserver_num_threads
        )

    return Repository(settings.models_dir, load_version, settings.modelserver_max_batch_rows)


def _server(settings: ModelServerSettings, repository: Repository, health: Health) -> Server:
    host, port = settings.modelserver_host, settings.modelserver_port
    try:
        server = Server(repository, health, host, port)
    except OSError:
        raise SettingsError(f"EARSHOT_MODELSERVER_PORT={port}: cannot listen on {host}") from None
    log.info("listening", host=host, port=server.port, models_dir=str(settings.models_dir))
    return server


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
