"""Settings of TensorFlow that every training command shares."""

from __future__ import annotations

import datetime
import shlex
import subprocess
import sys

import tensorflow as tf

from training.places import REPOSITORY
from training.program import program_name


def limit_threads(num_threads: int) -> None:
    """Lets TensorFlow use this many cores; must come before its first operation."""
    tf.config.threading.set_intra_op_parallelism_threads(num_threads)
    tf.config.threading.set_inter_op_parallelism_threads(num_threads)


def compute_in_bf16() -> None:
    """Lets oneDNN multiply in bfloat16 where it judges that safe; weights and sums stay float32.

    A third faster on a CPU that has it, and without effect on others.
    """
    tf.config.optimizer.set_experimental_options({"auto_mixed_precision_onednn_bfloat16": True})


def command_line(module: str) -> str:
    """Returns the command that started this process, for a card."""
    return shlex.join([*program_name(module).split(), *sys.argv[1:]])


def today() -> str:
    """Returns the UTC date as YYYY-MM-DD, for a card."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def commit() -> str:
    """Returns the commit of the code that runs, for a card, with a ``+`` when that has changed.

    Empty when the code is not in a checkout of its own.
    """
    if not (REPOSITORY / ".git").exists():
        return ""
    head = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--", "training", "earshot", "pyproject.toml")
    return head and head + ("+" if changed else "")


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(REPOSITORY), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
