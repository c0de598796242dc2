"""The newest predictions of each device, in memory: bounded, and decoded no more than needed."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Literal, TypeAlias

import numpy as np
import structlog
from numpy.typing import NDArray

from earshot.contracts.messages import Flags, Prediction, SourceState
from earshot.events.patch import PATCH_HOP_NS
from earshot.streams.entry import Delivery, Entry
from earshot.streams.errors import BadMessage
from earshot.topics import PREDICTIONS

MAX_DEVICES = 1_000  # a device takes about 15 kB
NUM_LAST = 10  # of all devices together
NUM_KEPT = NUM_LAST  # per device: the notifier may be so far behind, and labels are still told

State: TypeAlias = Literal["hearing", "silent", "away"]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class HeardEntry:
    """The newest patch of one prediction.

    Attributes:
        device_id: The device.
        session_id: The run of its source.
        sequence: Of the entry, in the session.
        at_ns: UTC of the patch's end; 0 when the entry does not say.
        state: What the source says about itself.
        model: name@version; empty without a patch.
        level_dbfs: RMS; None without a patch.
        scores: float16 (num_classes,), of the patch, 0 to 1; None without a patch.
    """

    device_id: str
    session_id: str
    sequence: int
    at_ns: int = 0
    state: State = "silent"
    model: str = ""
    level_dbfs: float | None = None
    scores: NDArray[np.float16] | None = None


@dataclass(frozen=True, slots=True)
class HeardDevice:
    """What is known of one device.

    Attributes:
        entries: The newest of its session, oldest first; at least one.
        arrived_s: When the newest arrived, on the monotonic clock.
    """

    entries: tuple[HeardEntry, ...]
    arrived_s: float

    @property
    def newest(self) -> HeardEntry:
        """The newest entry."""
        return self.entries[-1]


class Heard:
    """What has been heard, by device. Safe to use from threads."""

    def __init__(self, max_devices: int = MAX_DEVICES) -> None:
        self._max_devices = max_devices
        self._lock = Lock()
        self._devices: OrderedDict[str, HeardDevice] = OrderedDict()  # least lately heard first
        self._last: deque[HeardEntry] = deque(maxlen=NUM_LAST)

    def take(self, deliveries: Sequence[Delivery]) -> None:
        """Takes in new entries of a partition, in order; of each device only the newest."""
        arrived_s = time.monotonic()
        heard = [each for entry in _newest(deliveries) if (each := _decoded(entry))]
        with self._lock:
            for each in heard:
                self._add(each, arrived_s)

    def forget(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._devices.clear()
            self._last.clear()

    def device_ids(self) -> list[str]:
        """Returns who has been heard, in the order of their ids."""
        with self._lock:
            return sorted(self._devices)

    def device(self, device_id: str) -> HeardDevice | None:
        """Returns what is known of a device; None when it has not been heard."""
        with self._lock:
            return self._devices.get(device_id)

    def last(self) -> list[HeardEntry]:
        """Returns the last predictions with a patch, newest first."""
        with self._lock:
            return list(reversed(self._last))

    def _add(self, entry: HeardEntry, arrived_s: float) -> None:
        known = self._devices.pop(entry.device_id, None)
        before = known.entries if known else ()
        if before and not entry.at_ns:
            entry = replace(entry, at_ns=before[-1].at_ns)
        if before and before[-1].session_id != entry.session_id:
            before = ()
        kept = (*before[-NUM_KEPT + 1 :], entry)
        self._devices[entry.device_id] = HeardDevice(kept, arrived_s)
        if entry.scores is not None:
            self._last.append(entry)
        if len(self._devices) > self._max_devices:
            self._devices.popitem(last=False)


def _newest(deliveries: Sequence[Delivery]) -> list[Entry]:
    """Returns the entries that would not be pushed out by later ones of the same batch."""
    num_taken: Counter[str] = Counter()
    newest = []
    for delivery in reversed(deliveries):
        entry = delivery.entry
        if entry is not None and num_taken[entry.device_id] < NUM_KEPT:
            num_taken[entry.device_id] += 1
            newest.append(entry)
    return newest[::-1]


def _decoded(entry: Entry) -> HeardEntry | None:
    """Returns an entry's newest patch; None, logged, for what no classifier gives."""
    place = HeardEntry(entry.device_id, entry.session_id, entry.sequence)
    if entry.is_tombstone:
        return place
    try:
        prediction = PREDICTIONS.decode(entry)
        at_ns = prediction.header.captured_at_ns
        state = _state(prediction)
        if not len(prediction.patch_scores):
            return replace(place, at_ns=at_ns, state=state)
        return replace(
            place,
            at_ns=at_ns + len(prediction.patch_scores) * PATCH_HOP_NS,
            state=state,
            model=prediction.model,
            level_dbfs=float(prediction.level_dbfs[-1]),
            scores=_checked(prediction.patch_scores[-1]),
        )
    except BadMessage as error:
        _log.error("not a prediction", device=entry.device_id, reason=str(error))
        return None


def _checked(scores: NDArray[np.float16]) -> NDArray[np.float16]:
    if not np.all((scores >= 0) & (scores <= 1)):
        raise BadMessage("a score is not from 0 to 1")
    return scores.copy()  # a view would keep the whole message


def _state(prediction: Prediction) -> State:
    header = prediction.header
    if Flags.END_OF_SESSION in header.flags or header.source_state is SourceState.STOPPED:
        return "away"
    is_silent = Flags.SILENT in header.flags or not len(prediction.patch_scores)
    return "silent" if is_silent else "hearing"
