"""The places of all processes, by what they run, in the order in which they are stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from earshot.cli.supervisor.slot import Slot
from earshot.cli.supervisor.spec import ProcessSpec


class Fleet:
    """The slots of some specs. A slot that is unwanted and empty is gone at the next `sweep`.

    Args:
        specs: In the order in which they are stopped; they are started from the other end.
    """

    def __init__(self, specs: Sequence[ProcessSpec]) -> None:
        self._specs = {spec.name: spec for spec in specs}
        self._slots: dict[str, list[Slot]] = {spec.name: [] for spec in specs}
        self._unstarted: list[Slot] = []
        for spec in specs:
            self.scale(spec.name, spec.replicas, 0.0)

    def __iter__(self) -> Iterator[Slot]:
        return (slot for slots in self._slots.values() for slot in slots)

    def __bool__(self) -> bool:
        return any(self._slots.values())

    @property
    def names(self) -> list[str]:
        """Names of the specs."""
        return list(self._specs)

    def pids(self) -> dict[str, int]:
        """Returns name and pid of each process that runs."""
        return {slot.name: slot.child.pid for slot in self if slot.child}

    def take_unstarted(self) -> list[Slot]:
        """Returns the slots to start for the first time now.

        None of them comes before one in the list of specs that is not ready.
        """
        taken = []
        while self._unstarted and all(s.is_ready for s in self if s not in self._unstarted):
            taken.append(self._unstarted.pop())
        return [slot for slot in taken if slot.is_wanted]

    def scale(self, name: str, num_replicas: int, now_s: float) -> None:
        """Adds slots, or stops the youngest."""
        slots, spec = self._slots[name], self._specs[name]
        wanted = [slot for slot in slots if slot.is_wanted]
        for slot in wanted[num_replicas:]:
            slot.stop(now_s)
        for _ in range(num_replicas - len(wanted)):
            taken = {slot.name for slot in slots}
            free = (spec.process_name(replica) for replica in count(1))
            slot = Slot(next(name for name in free if name not in taken), spec)
            slots.append(slot)
            self._unstarted.append(slot)

    def stop_next(self, now_s: float) -> None:
        """Tells the first kind of process that still runs to stop; call it until all are gone."""
        for slots in self._slots.values():
            for slot in slots:
                slot.stop(now_s)
            if any(slot.child for slot in slots):
                return

    def sweep(self) -> None:
        """Forgets slots that are unwanted and empty."""
        for slots in self._slots.values():
            slots[:] = [slot for slot in slots if slot.is_wanted or slot.child]
