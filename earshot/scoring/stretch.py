"""Kept patches, cut where they were when they were scored: at sessions, gaps and other models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import PATCH_HOP_SAMPLES
from earshot.contracts.messages import Codes, Embeddings, Header
from earshot.store.kept_embeddings import KeptPatches


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Patches of one session, each right after the one before, that one model scored.

    Attributes:
        device_id: Whose they are.
        session_id: The run of the device's source.
        model: name@version that scored them then.
        embedder: name@version that made their codes.
        embedding_space: The space the codes live in.
        first_samples: int64 (n,), index at 16 kHz of each patch's first sample.
        at_ns: int64 (n,), UTC of these.
        levels_dbfs: float32 (n,).
        codes: uint8 (n, 128).
        context: uint8 (m, 128), the patches right before, as far as they were kept; m <= W - 1.
    """

    device_id: str
    session_id: str
    model: str
    embedder: str
    embedding_space: str
    first_samples: NDArray[np.int64]
    at_ns: NDArray[np.int64]
    levels_dbfs: NDArray[np.float32]
    codes: Codes
    context: Codes

    def __len__(self) -> int:
        """Number of patches."""
        return len(self.codes)

    def header(self, position: int) -> Header:
        """Returns the header of an entry that begins with this patch; sequences count patches."""
        sample, at_ns = int(self.first_samples[position]), int(self.at_ns[position])
        return Header(self.device_id, self.session_id, position, sample, at_ns)

    def entries(self, num_patches: int, window_patches: int) -> Iterator[Embeddings]:
        """Yields it as messages of at most so many patches, each with its context."""
        known = np.concatenate([self.context, self.codes])
        for start in range(0, len(self), num_patches):
            first = len(self.context) + start
            end = min(start + num_patches, len(self))
            yield Embeddings(
                self.header(start),
                self.codes[start:end],
                known[max(0, first - window_patches + 1) : first],
                self.levels_dbfs[start:end],
                self.embedding_space,
                self.embedder,
            )


def stretches(kept: Sequence[KeptPatches], window_patches: int) -> list[Stretch]:
    """Returns the stretches of kept patches: session by session, oldest first.

    Where the model changed and no sound was lost, the patches before are context all the same, as
    they were when the classifier asked the new one.

    Args:
        kept: Of one device, in any order.
        window_patches: W, 1 or more.
    """
    by_session: defaultdict[str, list[KeptPatches]] = defaultdict(list)
    for each in kept:
        if len(each.codes):
            by_session[each.session_id].append(each)
    found = [s for part in by_session.values() for s in _of_session(part, window_patches)]
    return sorted(found, key=lambda stretch: int(stretch.at_ns[0]))


def _of_session(kept: list[KeptPatches], window_patches: int) -> Iterator[Stretch]:
    samples = np.concatenate([each.first_samples for each in kept])
    order = np.argsort(samples, kind="stable")
    samples = samples[order]
    owners = np.repeat(np.arange(len(kept)), [len(each.codes) for each in kept])[order]
    at_ns = np.concatenate([each.at_ns for each in kept])[order]
    levels_dbfs = np.concatenate([each.levels_dbfs for each in kept])[order]
    codes = np.concatenate([each.codes for each in kept])[order]
    is_broken = np.diff(samples) != PATCH_HOP_SAMPLES
    scored_by = [(each.model, each.embedder, each.embedding_space) for each in kept]
    is_other = np.array([scored_by[one] != scored_by[two] for one, two in pairwise(owners)], bool)
    unbroken_from = 0
    for start, end in pairwise([0, *np.flatnonzero(is_broken | is_other) + 1, len(samples)]):
        if start and is_broken[start - 1]:
            unbroken_from = start
        part, owner = slice(start, end), kept[owners[start]]
        yield Stretch(
            owner.device_id,
            owner.session_id,
            owner.model,
            owner.embedder,
            owner.embedding_space,
            samples[part],
            at_ns[part],
            levels_dbfs[part],
            codes[part],
            codes[max(unbroken_from, start - window_patches + 1) : start],
        )
