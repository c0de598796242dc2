"""A device's time from one moment to another, without a hole: what was heard, and what was not.

Sessions of a device may overlap, where a source began anew or played faster than real time: then
every moment counts once, as the best that is known of it. So the parts add up to the whole.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from earshot.events.stretch import NO_SOURCE, Coverage, Stretch

NOT_YET = "not_yet"
"""Why nothing was heard of time to come, or of time so near that its sound is on its way."""

STILL_COMING_NS = 60 * 1_000_000_000  # sound this old may be on its way yet
MAX_STRETCHES = 2_000
MICROSECOND_NS = 1_000  # what is shown of times: so all of them are whole numbers of it
_BEST_FIRST = tuple(Coverage)


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is known of a device's time.

    Attributes:
        stretches: Each begins where the one before ends, and says something else.
        covered_ns: How long each kind lasted; together as long as the whole.
        reasons_ns: What was lost or absent, by reason.
        resolution_ns: 0 when every stretch is exact. Else how long the pieces are that each show
            one kind: lost if any of it was, otherwise what it was most of the time.
    """

    stretches: tuple[Stretch, ...]
    covered_ns: dict[Coverage, int]
    reasons_ns: dict[str, int]
    resolution_ns: int = 0


def timeline(known: Iterable[Stretch], begin_at_ns: int, end_at_ns: int, now_ns: int) -> Timeline:
    """Returns what is known of a device's time, cut to microseconds.

    Args:
        known: Stretches of its sessions, in any order. What lies outside is left out, but the one
            before `begin_at_ns` says why nothing followed it.
        begin_at_ns: UTC nanoseconds.
        end_at_ns: UTC nanoseconds, later.
        now_ns: UTC nanoseconds.
    """
    whole = (_cut(begin_at_ns), _cut(end_at_ns))
    tiles = list(_merged(_tiles(known, *whole, now_ns)))
    covered_ns = dict.fromkeys(Coverage, 0)
    reasons_ns: defaultdict[str, int] = defaultdict(int)
    for tile in tiles:
        covered_ns[tile.coverage] += _length_ns(tile)
        if tile.reason:
            reasons_ns[tile.reason] += _length_ns(tile)
    if len(tiles) <= MAX_STRETCHES:
        return Timeline(tuple(tiles), covered_ns, dict(reasons_ns))
    resolution_ns = -(-(whole[1] - whole[0]) // (MAX_STRETCHES * MICROSECOND_NS)) * MICROSECOND_NS
    coarse = tuple(_merged(_coarse(tiles, resolution_ns)))
    return Timeline(coarse, covered_ns, dict(reasons_ns), resolution_ns)


def _tiles(
    known: Iterable[Stretch], begin_at_ns: int, end_at_ns: int, now_ns: int
) -> Iterator[Stretch]:
    """Yields one stretch from each moment at which something changes to the next."""
    active: Counter[tuple[int, str]] = Counter()
    at_ns, then = begin_at_ns, NO_SOURCE
    long_ago_ns = known_to_ns = now_ns - STILL_COMING_NS
    for edge_at_ns, is_end, stretch in _edges(known):
        next_ns = min(max(edge_at_ns, begin_at_ns), end_at_ns)
        if next_ns > at_ns:
            yield _tile(at_ns, next_ns, active, then)
            at_ns = next_ns
        key = (_BEST_FIRST.index(stretch.coverage), stretch.reason)
        active[key] += -1 if is_end else 1
        if is_end:
            then, known_to_ns = stretch.then, edge_at_ns
            if not active[key]:
                del active[key]
    if at_ns < end_at_ns:
        is_coming = then == NO_SOURCE and known_to_ns > long_ago_ns
        gone_to_ns = at_ns if is_coming else min(max(_cut(now_ns), at_ns), end_at_ns)
        if at_ns < gone_to_ns:
            yield Stretch(at_ns, gone_to_ns, Coverage.ABSENT, then)
        if gone_to_ns < end_at_ns:
            yield Stretch(gone_to_ns, end_at_ns, Coverage.ABSENT, NOT_YET)


def _edges(known: Iterable[Stretch]) -> list[tuple[int, bool, Stretch]]:
    """Returns beginnings and ends in their order; of one moment the beginnings first."""
    edges: list[tuple[int, bool, Stretch]] = []
    for stretch in known:
        begin_at_ns, end_at_ns = _cut(stretch.begin_at_ns), _cut(stretch.end_at_ns)
        edges += [(begin_at_ns, False, stretch), (end_at_ns, True, stretch)]
    return sorted(edges, key=lambda edge: edge[:2])


def _tile(begin_at_ns: int, end_at_ns: int, active: Counter[tuple[int, str]], then: str) -> Stretch:
    if not active:
        return Stretch(begin_at_ns, end_at_ns, Coverage.ABSENT, then)
    rank, reason = min(active)
    return Stretch(begin_at_ns, end_at_ns, _BEST_FIRST[rank], reason)


def _merged(tiles: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yields the tiles, those that say the same as one."""
    last: Stretch | None = None
    for tile in tiles:
        if last is not None and (last.coverage, last.reason) == (tile.coverage, tile.reason):
            last = replace(last, end_at_ns=tile.end_at_ns)
            continue
        if last is not None:
            yield last
        last = tile
    if last is not None:
        yield last


def _coarse(tiles: Iterable[Stretch], resolution_ns: int) -> Iterator[Stretch]:
    """Yields pieces of one length, the last one perhaps shorter."""
    lengths_ns: Counter[tuple[Coverage, str]] = Counter()
    begin_at_ns: int | None = None
    for tile in tiles:
        at_ns = tile.begin_at_ns
        while at_ns < tile.end_at_ns:
            begin_at_ns = at_ns if begin_at_ns is None else begin_at_ns
            next_ns = min(tile.end_at_ns, begin_at_ns + resolution_ns)
            lengths_ns[tile.coverage, tile.reason] += next_ns - at_ns
            at_ns = next_ns
            if at_ns == begin_at_ns + resolution_ns:
                yield Stretch(begin_at_ns, at_ns, *_shown(lengths_ns))
                lengths_ns.clear()
                begin_at_ns = None
    if begin_at_ns is not None:
        yield Stretch(begin_at_ns, at_ns, *_shown(lengths_ns))


def _shown(lengths_ns: Counter[tuple[Coverage, str]]) -> tuple[Coverage, str]:
    lost = Counter({key: ns for key, ns in lengths_ns.items() if key[0] is Coverage.LOST})
    return (lost or lengths_ns).most_common(1)[0][0]


def _length_ns(stretch: Stretch) -> int:
    return stretch.end_at_ns - stretch.begin_at_ns


def _cut(moment_ns: int) -> int:
    return moment_ns - moment_ns % MICROSECOND_NS
