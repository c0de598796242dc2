"""Stream entries as Redis fields: how they are written, and read back from anybody's fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from earshot.streams.entry import Delivery, Entry


def flag_words(entry: Entry) -> str:
    """Returns the flags as the field holds them: words in order, separated by commas."""
    return ",".join(sorted(entry.flags))


def entry_of(fields: Mapping[bytes, bytes]) -> Entry:
    """Returns the entry that the fields hold.

    Raises:
        ValueError: A field is missing or cannot be read; the text says which.
    """
    for name in (b"device", b"session", b"sequence", b"body"):
        if name not in fields:
            raise ValueError(f"the entry has no field {name.decode()!r}")
    try:
        sequence = int(fields[b"sequence"])
        device, session = fields[b"device"].decode(), fields[b"session"].decode()
        flags = fields.get(b"flags", b"").decode()
    except ValueError as error:
        raise ValueError(f"the entry's fields cannot be read: {error}") from error
    if sequence < 0 or not device or not session or " " in device + session:
        raise ValueError(
            "device and session must be non-empty words and sequence a whole number from 0"
        )
    return Entry(
        device,
        session,
        sequence,
        frozenset(flags.split(",")) if flags else frozenset(),
        fields[b"body"],
        fields.get(b"codes", b""),
        fields.get(b"context", b""),
    )


def deliveries(items: Iterable[tuple[bytes, Mapping[bytes, bytes]]]) -> list[Delivery]:
    """Returns what a read or a claim delivered, unreadable entries included."""
    found = []
    for entry_id, fields in items:
        try:
            found.append(Delivery(entry_id.decode(), entry_of(fields)))
        except ValueError as error:
            found.append(Delivery(entry_id.decode(), None, str(error)))
    return found
