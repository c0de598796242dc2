"""`earshot demo`: the whole system, three synthetic places, and whether it heard what is there."""

from __future__ import annotations

from typing import Annotated

import typer

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells count


def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the system running afterwards, until Ctrl-C.")
    ] = False,
) -> None:
    """Plays three synthetic soundscapes into the whole system and compares what it hears.

    Starts the processes of `earshot up` in a folder of its own, which it removes afterwards.
    Exit code: 0: all that is there was heard; 1: not all; 2: something cannot start; 130: stopped
    by Ctrl-C.
    """
    # Imported here, so that the other commands need not wait for it.
    from rich.console import Console

    from earshot.cli.demonstration.display import Display
    from earshot.cli.demonstration.environment import forget_settings
    from earshot.cli.demonstration.errors import DemonstrationFailed, Interrupted
    from earshot.cli.demonstration.folder import scratch_folder
    from earshot.cli.demonstration.run import demonstrate
    from earshot.cli.output import escape_unencodable, refuse_in_one_line, say
    from earshot.cli.quiet_logs import quiet_logs
    from earshot.cli.supervisor.errors import SupervisorError
    from earshot.settings import SettingsError

    escape_unencodable()
    forget_settings()
    try:
        with (
            refuse_in_one_line(SupervisorError, SettingsError),
            quiet_logs(),
            scratch_folder() as folder,
        ):
            demonstrate(folder, Display(Console()), keep)
    except DemonstrationFailed as error:
        say(str(error))
        raise typer.Exit(EXIT_FAILED) from None
    except Interrupted:
        raise typer.Exit(EXIT_INTERRUPTED) from None
