"""What can stop a command, or one file of it; always said in one line, and the exit code is 2.

CliError
├── CannotStart      options, settings or models: nothing was done
├── FileRefused      one file cannot be used: the others go on
└── PipelineFailed   sound got lost on the way through the stages: the file is refused
"""

from __future__ import annotations

from pathlib import Path

from earshot.cli.output import shown


class CliError(Exception):
    """Root of everything the command line raises; the message is one sentence."""


class CannotStart(CliError):
    """The command stops before it does anything."""


class FileRefused(CliError):
    """One file cannot be used.

    Attributes:
        path: The file.
        reason: Why, in one line, without the file's name.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{shown(path)}: {reason}")
        self.path = path
        self.reason = reason


class PipelineFailed(CliError):
    """A stage made a dead letter of what it was given; the message is its reason."""
