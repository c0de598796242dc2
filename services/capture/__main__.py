"""Starts the capture service: `python -m services.capture --device ID FILE...`.

Exit code: 0 when everything was played, or it was stopped; 1 when the broker refused; 2 when the
start was refused, or a file was.
"""

from __future__ import annotations

import sys

import structlog
from prometheus_client import REGISTRY

from earshot.broker import connect
from earshot.observability import configure_logging, start_metrics
from earshot.startup import load, refuse_to_start, warn_about_unknown_variables
from earshot.streams.errors import BrokerRefused
from services.capture.append import append_to
from services.capture.arguments import parse
from services.capture.metrics import CaptureMetrics
from services.capture.playback import Playback
from services.capture.settings import CaptureSettings
from services.capture.stop import stop_on_signals

_EXIT_REFUSED_BY_BROKER = 1
_EXIT_BAD_INPUT = 2


def main() -> int:
    """Plays until everything is played or it is told to stop; returns the exit code."""
    arguments = parse()
    with refuse_to_start():
        settings = load(CaptureSettings)
        configure_logging("capture", settings)
        warn_about_unknown_variables(CaptureSettings)
        start_metrics("capture", settings)
        streams = connect(settings)
    playback = Playback(
        device_id=arguments.device_id,
        append=append_to(streams),
        stop=stop_on_signals(),
        metrics=CaptureMetrics(REGISTRY),
        speed=arguments.speed,
        patches_per_chunk=settings.capture_patches_per_chunk,
        silent_dbfs=settings.capture_silent_dbfs,
    )
    try:
        errors = playback.play_all(arguments.paths, arguments.is_endless)
    except BrokerRefused as error:
        structlog.get_logger(__name__).error("the broker refused", error=str(error))
        return _EXIT_REFUSED_BY_BROKER
    return _EXIT_BAD_INPUT if errors else 0


if __name__ == "__main__":
    sys.exit(main())
