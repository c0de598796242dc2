"""`earshot run`: one service, in this process."""

from __future__ import annotations

from typing import Annotated

import typer

SERVICES = ("api", "capture", "classifier", "features", "modelserver", "notifier")


def _known(service: str) -> str:
    if service not in SERVICES:
        from earshot.events.hint import did_you_mean

        hint = did_you_mean(service, SERVICES)
        raise typer.BadParameter(f"{service!r} is none of {', '.join(SERVICES)}{hint}")
    return service


def run(
    service: Annotated[
        str,
        typer.Argument(
            metavar="SERVICE",
            callback=_known,
            help=f"One of {', '.join(SERVICES)}.",
            show_default=False,
        ),
    ],
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="ARG", help="The service's own arguments.", show_default=False),
    ] = None,
) -> None:
    """Runs one service in this process, as `python -m services.SERVICE` does.

    Settings come from the environment, EARSHOT_*. What follows the service is passed on to it.
    """
    import runpy
    import sys

    sys.argv = [f"earshot run {service}", *(arguments or [])]
    runpy.run_module(f"services.{service}", run_name="__main__", alter_sys=True)
