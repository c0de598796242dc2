"""How a command ends: what went wrong in one sentence, and a number that shells understand."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console

from training.errors import TrainingError

INTERRUPTED = 130  # as shells report a command that Ctrl-C ended


def exit_code(
    work: Callable[[], object], console: Console, stopped: Callable[[], str] = lambda: "stopped"
) -> int:
    """Does the work of a command and returns its exit code.

    Args:
        work: What the command is for.
        console: Where the sentence goes.
        stopped: Says, after Ctrl-C, what is left of the work.

    Returns:
        0; 1 after a `TrainingError`, or after an `OSError` that nobody on the way had more to say
        about; 130 after Ctrl-C.
    """
    try:
        work()
    except (TrainingError, OSError) as error:
        console.print(f"error: {error}", style="red", markup=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.print(stopped(), markup=False)
        return INTERRUPTED
    return 0
