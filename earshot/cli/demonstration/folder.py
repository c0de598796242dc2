"""The folder of a demonstration: gone afterwards, unless there is something to find out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from earshot.cli.demonstration.errors import DemonstrationFailed
from earshot.cli.output import say
from earshot.cli.supervisor.errors import SupervisorError

LOG_FILE = "demo.log"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Gives an empty folder. It stays, and its log is named, when the demonstration failed."""
    folder = Path(tempfile.mkdtemp(prefix="earshot-demo-"))
    try:
        yield folder
    except (DemonstrationFailed, SupervisorError):
        say(f"what the processes wrote is in {folder / LOG_FILE}")
        raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    else:
        shutil.rmtree(folder, ignore_errors=True)
