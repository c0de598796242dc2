"""What to run: one kind of process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """One kind of process, in as many replicas as wanted.

    Attributes:
        name: What logs and people call it; the second replica is `<name>-2`, and so on.
        command: Program and arguments; the program is an absolute path.
        environment: Variables it gets besides those of the supervisor, which they override.
        replicas: How many of them run at first.
        is_endless: Whether its end is a failure, after which it is started again. A producer that
            plays a recording ends by itself and has nothing to go on with: False.
        is_ready: Asked while the process starts, about every 20 ms, from the supervisor's loop;
            what comes before it in the list is not started until this is true. None: nobody waits.
        log_file: Where it writes what it does not write to its standard output.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    replicas: int = 1
    is_endless: bool = True
    is_ready: Callable[[], bool] | None = None
    log_file: Path | None = None

    def process_name(self, replica: int) -> str:
        """Returns the name of a replica, counted from 1."""
        return self.name if replica == 1 else f"{self.name}-{replica}"
