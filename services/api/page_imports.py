"""Which scripts a script needs: what a browser would else find out one after another."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

_IMPORT = re.compile(rb"""^(?:import|export)\b[^;"]*"(\.[^"]+)";""", re.MULTILINE)


def scripts_of(files: Mapping[str, bytes], *starts: str) -> tuple[str, ...]:
    """Returns scripts and all that they import, and what that imports, each once.

    Args:
        files: Contents by name, with slashes.
        starts: Names of the scripts to begin with. One that is not there is left out.

    Returns:
        Names, the nearest first. What `import()` loads at some later time is not followed.
    """
    found = dict.fromkeys(name for name in starts if name in files)
    waiting = list(found)
    for name in waiting:
        for target in _IMPORT.findall(files[name]):
            needed = posixpath.normpath(posixpath.join(posixpath.dirname(name), target.decode()))
            if needed in files and needed not in found:
                found[needed] = None
                waiting.append(needed)
    return tuple(found)
