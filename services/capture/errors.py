"""What can be wrong with a source of sound.

CaptureError
└── RecordingError   a file cannot be played as a recording: skip it, tell its owner why
"""

from __future__ import annotations

from pathlib import Path


class CaptureError(Exception):
    """Root of everything capture raises; the message is one sentence."""


class RecordingError(CaptureError):
    """A file is no recording, or a damaged one.

    Attributes:
        path: The file.
        reason: What is wrong with it and what is allowed, without the file's name.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
