"""`earshot up`: the whole system on this machine, until it is told to stop."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def up(
    features: Annotated[
        int, typer.Option(min=1, metavar="N", help="Processes of the features service.")
    ] = 1,
    classifiers: Annotated[
        int, typer.Option(min=1, metavar="N", help="Processes of the classifier service.")
    ] = 1,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65_535,
            metavar="PORT",
            help="Where the API listens, 0 for any port. Without it, EARSHOT_API_PORT, or 8080 or "
            "the next free one.",
            show_default=False,
        ),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="All that is kept. Without it, EARSHOT_DATA_DIR, or ~/.local/share/earshot.",
            show_default=False,
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Log one JSON object per line, for machines.")
    ] = False,
) -> None:
    """Runs the whole system on this machine until Ctrl-C.

    Starts the broker, the model server and every service, and starts again what ends.
    The file up.json in its folder says where everything is.
    Exit code: 0 after a stop; 2: something cannot start as things are.
    """
    # Imported here, so that the other commands need not wait for it.
    import sys

    from earshot.cli.output import escape_unencodable, refuse_in_one_line
    from earshot.cli.supervisor.errors import SupervisorError
    from earshot.cli.supervisor.log import MergedLog
    from earshot.cli.supervisor.settings import UpSettings
    from earshot.cli.supervisor.supervise import run_system
    from earshot.settings import SettingsError
    from earshot.startup import load

    escape_unencodable()
    options = {"api_port": port, "data_dir": data_dir}
    with refuse_in_one_line(SupervisorError, SettingsError):
        given = {key: value for key, value in options.items() if value is not None}
        settings = load(UpSettings, **given)
        run_system(settings, MergedLog(sys.stdout, json), features, classifiers)
