"""How the process was started, for help texts and cards."""

from __future__ import annotations

import sys

_COMMAND_LINE = "earshot "


def program_name(module: str) -> str:
    """Returns what a user types to start a module: ``earshot train`` or ``python -m MODULE``."""
    started_as = sys.argv[0]
    return started_as if started_as.startswith(_COMMAND_LINE) else f"python -m {module}"
