"""A signal after models were released finds the process alive: see `earshot.openvino_model`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
PROGRAM = """
import gc, signal
from pathlib import Path
from earshot.embedding.embedder import Embedder
from services.modelserver.loaded_version import LoadedVersion

classifier = LoadedVersion(Path("models/earshot-default/1"))
embedder = Embedder.load(Path("models/vggish-compact/1"))
del classifier
gc.collect()
del embedder
gc.collect()
caught = []
signal.signal(signal.SIGINT, lambda *_: caught.append(True))
signal.raise_signal(signal.SIGINT)
print(len(caught))
"""


def test_a_signal_is_handled_after_models_were_released() -> None:
    command = [sys.executable, "-c", PROGRAM]
    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "1\n"), ended.stderr
