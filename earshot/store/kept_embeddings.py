"""What was heard, kept as codes for a while, so that it can be scored again.

How rows look is said above the table `embeddings`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, LargeBinary, Row, cast, select

from earshot.contracts.code import CODE_BYTES
from earshot.contracts.messages import Codes
from earshot.store.tables import devices, embeddings
from earshot.store.upsert import insert_rows, inserting

MINUTE_NS = 60_000_000_000
NS_PER_SAMPLE = 62_500
KEEPING = "keep_embeddings"
"""Member of a device's policy: whether its embeddings are kept. Left out, they are."""

_Key: TypeAlias = tuple[str, int, str, str]
_GROWING = ("codes", "levels", "samples")
_LEVEL, _SAMPLE = np.dtype("<f4"), np.dtype("<i8")


@dataclass(frozen=True, slots=True, eq=False)
class KeptPatches:
    """Consecutive patches of one session as one model scored them, oldest first.

    Attributes:
        device_id: Which device heard them.
        session_id: In which session.
        model: name@version of the model that scored them.
        embedder: name@version of the network that made the codes.
        embedding_space: The space the codes live in.
        at_ns: int64 (n,), when each patch begins, UTC nanoseconds.
        first_samples: int64 (n,), index at 16 kHz of each patch's first sample in its session;
            patches that follow each other without a gap are 15,360 apart.
        codes: uint8 (n, 128).
        levels_dbfs: float32 (n,), RMS.
    """

    device_id: str
    session_id: str
    model: str
    embedder: str
    embedding_space: str
    at_ns: NDArray[np.int64]
    first_samples: NDArray[np.int64]
    codes: Codes
    levels_dbfs: NDArray[np.float32]


def keep_patches(connection: Connection, patches: Iterable[KeptPatches]) -> None:
    """Keeps patches, but none of devices whose policy says not to.

    Exactly once if, and only if, the transaction commits once: patches are added to what is there.

    Args:
        connection: Within the transaction that commits their predictions; the devices are there.
        patches: In the order in which they were heard.
    """
    rows = _rows(patches)
    allowing = _allowing(connection, {device_id for device_id, *_ in rows})
    wanted = [row for key, row in sorted(rows.items()) if key[0] in allowing]
    if not wanted:
        return
    insert = inserting(connection, embeddings)
    kept, new = embeddings.c, insert.excluded
    grown = {name: cast(kept[name].op("||")(new[name]), LargeBinary) for name in _GROWING}
    statement = insert.on_conflict_do_update(
        index_elements=list(embeddings.primary_key.columns),
        set_={**grown, "num_patches": kept.num_patches + new.num_patches},
    )
    insert_rows(connection, statement, wanted)


def kept_patches(
    connection: Connection, device_id: str, from_ns: int, to_ns: int
) -> list[KeptPatches]:
    """Returns the patches of a device that begin in [from, to) and are still kept.

    Returns:
        One item per session and model (and embedder, if that changed meanwhile), by the time of
        its first patch.
    """
    kept = embeddings.c
    # Times are counted in samples from a row's first patch: where the device's clock is corrected
    # within that minute, its last patches may seem to be of the next one.
    first_minute_ns = max(from_ns, 0) // MINUTE_NS * MINUTE_NS - MINUTE_NS
    statement = (
        select(embeddings)
        .where(kept.device_id == device_id)
        .where(kept.minute_at_ns >= first_minute_ns, kept.minute_at_ns < max(to_ns, 0))
        .order_by(kept.minute_at_ns, kept.session_id, kept.model)
    )
    runs: defaultdict[tuple[str, str, str, str], list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(statement):
        runs[row.session_id, row.model, row.embedder, row.embedding_space].append(row)
    found = [_between(_joined(device_id, key, rows), from_ns, to_ns) for key, rows in runs.items()]
    return sorted((each for each in found if len(each.codes)), key=lambda each: int(each.at_ns[0]))


def _allowing(connection: Connection, device_ids: set[str]) -> set[str]:
    if not device_ids:
        return set()
    statement = select(devices.c.id, devices.c.policy).where(devices.c.id.in_(device_ids))
    said = {row.id: row.policy.get(KEEPING) for row in connection.execute(statement)}
    return {device_id for device_id, value in said.items() if value is None or value is True}


def _rows(patches: Iterable[KeptPatches]) -> dict[_Key, dict[str, Any]]:
    """Returns what to insert by key: as few rows as there are minutes, however much was heard."""
    pieces: defaultdict[_Key, list[tuple[KeptPatches, slice]]] = defaultdict(list)
    for each in patches:
        for minute_ns, piece in _minutes(each.at_ns):
            pieces[each.device_id, minute_ns, each.session_id, each.model].append((each, piece))
    return {key: _row(key, found) for key, found in pieces.items()}


def _minutes(at_ns: NDArray[np.int64]) -> Iterator[tuple[int, slice]]:
    """Yields each minute and which of the patches begin in it."""
    if len(at_ns) == 1:  # live sound comes like that, and this takes a tenth of the time
        yield int(at_ns[0]) // MINUTE_NS * MINUTE_NS, slice(0, 1)
        return
    minutes_ns = at_ns // MINUTE_NS * MINUTE_NS
    changes = np.flatnonzero(np.diff(minutes_ns)) + 1
    for begin, end in pairwise([0, *changes.tolist(), len(at_ns)]):
        if end > begin:
            yield int(minutes_ns[begin]), slice(begin, end)


def _row(key: _Key, pieces: Sequence[tuple[KeptPatches, slice]]) -> dict[str, Any]:
    device_id, minute_ns, session_id, model = key
    first, at_first = pieces[0]
    return {
        "device_id": device_id,
        "minute_at_ns": minute_ns,
        "session_id": session_id,
        "model": model,
        "embedder": first.embedder,
        "embedding_space": first.embedding_space,
        "first_at_ns": int(first.at_ns[at_first][0]),
        "num_patches": sum(piece.stop - piece.start for _, piece in pieces),
        "codes": b"".join(each.codes[piece].tobytes() for each, piece in pieces),
        "levels": b"".join(
            each.levels_dbfs[piece].astype(_LEVEL, copy=False).tobytes() for each, piece in pieces
        ),
        "samples": b"".join(
            each.first_samples[piece].astype(_SAMPLE, copy=False).tobytes()
            for each, piece in pieces
        ),
    }


def _joined(
    device_id: str, key: tuple[str, str, str, str], rows: Sequence[Row[Any]]
) -> KeptPatches:
    samples = [np.frombuffer(row.samples, _SAMPLE) for row in rows]
    at_ns = [
        row.first_at_ns + (of_row - of_row[0]) * NS_PER_SAMPLE
        for row, of_row in zip(rows, samples, strict=True)
    ]
    return KeptPatches(
        device_id,
        *key,
        np.concatenate(at_ns),
        np.concatenate(samples),
        np.frombuffer(b"".join(row.codes for row in rows), np.uint8).reshape(-1, CODE_BYTES),
        np.frombuffer(b"".join(row.levels for row in rows), _LEVEL),
    )


def _between(patches: KeptPatches, from_ns: int, to_ns: int) -> KeptPatches:
    """Returns those that begin in [from, to), in the order of their samples."""
    order = np.argsort(patches.first_samples, kind="stable")
    at_ns = patches.at_ns[order]
    chosen = order[(at_ns >= from_ns) & (at_ns < to_ns)]
    return replace(
        patches,
        at_ns=patches.at_ns[chosen],
        first_samples=patches.first_samples[chosen],
        codes=patches.codes[chosen],
        levels_dbfs=patches.levels_dbfs[chosen],
    )
