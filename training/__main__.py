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

from training.places import DATA

STEPS = (
    ("training.frame_level",),
    ("training.embedder",),
    ("training.pair",),
    ("training.precisions",),
    ("training.held_out", "--update-cards"),
    ("training.notice",),
)


def main() -> None:
    """Runs the steps in processes of their own; the first that fails ends it."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    console = Console()
    started_s = time.monotonic()
    for number, (module, *arguments) in enumerate(STEPS, start=1):
        console.rule(f"{number} of {len(STEPS)}: {module}")
        command = [sys.executable, "-m", module, "--data", str(options.data), *arguments]
        subprocess.run(command, check=True)
        console.print(f"{(time.monotonic() - started_s) / 60:.1f} minutes so far")


if __name__ == "__main__":
    main()
