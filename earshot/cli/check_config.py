"""`earshot check-config`: would the services start with these files?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXIT_BAD_CONFIG = 1


def check_config(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE",
            help="Taxonomies. Without any, the files that the settings name.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Checks the taxonomy, alone and against the model, as the services do at their start.

    Prints a line for each file that is good; every mistake with file, line and key.
    Exit code: 0 when all are good; 1: one is not; 2: the settings themselves are wrong.
    """
    from earshot.cli.config_files import ConfigSettings, check_file
    from earshot.cli.output import escape_unencodable, refuse_in_one_line, say, write
    from earshot.cli.quiet_logs import quiet_logs
    from earshot.settings import SettingsError
    from earshot.startup import load

    escape_unencodable()
    with refuse_in_one_line(SettingsError):
        settings = load(ConfigSettings)
    is_all_good = True
    with quiet_logs():
        for file in files or [settings.taxonomy_file]:
            checked = check_file(file, settings)
            if checked.problems:
                is_all_good = False
                say("\n".join(checked.problems))
            else:
                write(f"{checked.summary}\n")
    raise typer.Exit(0 if is_all_good else EXIT_BAD_CONFIG)
