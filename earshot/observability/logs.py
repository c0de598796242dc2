"""Logs: one JSON object per line on standard error, or colours for people."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor

from earshot.settings import ObservabilitySettings


def configure_logging(
    service: str, settings: ObservabilitySettings, stream: TextIO | None = None
) -> None:
    """Sends every log line, also those of libraries, to standard error in one form.

    Args:
        service: Name of the service, part of every line.
        settings: Format (`json`: one object per line; `console`: for people) and lowest level.
        stream: Where to write; standard error by default.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(settings.log_format, stream, service))
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *_shared_processors(service),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _shared_processors(service: str) -> list[Processor]:
    """What each line gets, whether it comes from our code or from a library."""

    def add_service(_: object, __: str, event: EventDict) -> EventDict:
        event.setdefault("service", service)
        return event

    return [
        structlog.contextvars.merge_contextvars,
        add_service,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(log_format: str, stream: TextIO, service: str) -> logging.Formatter:
    last: list[Processor] = [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(default=str),
    ]
    if log_format == "console":
        last = [structlog.dev.ConsoleRenderer(colors=stream.isatty())]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared_processors(service),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
