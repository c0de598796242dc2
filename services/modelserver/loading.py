"""Loads a version: what has to hold, and to be done, before it may be served."""

from __future__ import annotations

from pathlib import Path

from earshot.settings import Precision
from services.modelserver.bundle import check_num_classes, verify_card
from services.modelserver.loaded_version import LoadedVersion
from services.modelserver.warm_up import warm_up


def load_version(directory: Path, precision: Precision, num_threads: int) -> LoadedVersion:
    """Checks, loads and warms up a version.

    Args:
        directory: Folder with `saved_model.pb` and `variables/`, and perhaps a card, labels and
            warm-up records.
        precision: Arithmetic of OpenVINO.
        num_threads: Threads of one inference.

    Raises:
        LoadError: It cannot be served; says why.
    """
    card = verify_card(directory)
    version = LoadedVersion(directory, precision, num_threads)
    try:
        if card is not None:
            check_num_classes(card, version)
        warm_up(directory, version)
    except BaseException:
        version.close()
        raise
    return version
