"""Makes every shipped model, in order: ``python -m training --data ../shared/data``.

Anchor, embedder, bundle, NOTICE: each is a command of its own with more options. About an hour on
two cores.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from training.places import DATA

STEPS = ("training.frame_level", "training.embedder", "training.pair", "training.notice")


def main() -> None:
    """Runs the steps in processes of their own; the first that fails ends it."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    for step in STEPS:
        subprocess.run([sys.executable, "-m", step, "--data", str(options.data)], check=True)


if __name__ == "__main__":
    main()
