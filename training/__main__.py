"""Makes every shipped model, in order: ``python -m training --data ../shared/data``.

Anchor, embedder, frame-level bundle, the embedder in int8, their measures on held-out recordings,
NOTICE: each is a command of its own with more options. Less than an hour on two cores.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

from training.exit_code import INTERRUPTED
from training.places import DATA

STEPS = (
    ("training.frame_level",),
    ("training.embedder",),
    ("training.pair",),
    ("training.precisions",),
    ("training.held_out", "--update-cards"),
    ("training.notice",),
)
_SIGNAL = 128  # what shells add to the signal that ended a process


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    return parser.parse_args(arguments)


def command(options: argparse.Namespace) -> int:
    """Runs the steps in processes of their own; the first that fails ends it, with its exit code.

    What went wrong the step has said itself.
    """
    console = Console()
    started_s = time.monotonic()
    for number, (module, *arguments) in enumerate(STEPS, start=1):
        console.rule(f"{number} of {len(STEPS)}: {module}")
        step = [sys.executable, "-m", module, "--data", str(options.data), *arguments]
        with subprocess.Popen(step) as process:
            try:
                code = process.wait()
            except KeyboardInterrupt:  # which the step got as well: its end is waited for
                code = INTERRUPTED
        if code:
            console.print(f"{module} did not succeed: the steps after it were not started")
            return code if code > 0 else _SIGNAL - code
        console.print(f"{(time.monotonic() - started_s) / 60:.1f} minutes so far")
    return 0


if __name__ == "__main__":
    sys.exit(command(parse_arguments()))
