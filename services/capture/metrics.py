"""What capture counts: every second of sound is heard and sent, or lost for a reason."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter

from earshot.audio.params import PATCH_OVERLAP_SAMPLES, SAMPLE_RATE_HZ
from earshot.contracts.messages import AudioChunk, Flags


class CaptureMetrics:
    """Counters of one capture process, on the registry it is given."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"earshot_capture_{name}", text, labels, registry=registry)

        self._heard = counter("heard_seconds", "Sound appended to the audio topic.")
        self._silent = counter("silent_seconds", "Part of it at or below the silence level.")
        self._clipped = counter("clipped_seconds", "Part of it in chunks with clipped samples.")
        self._lost = counter("lost_seconds", "Sound that was captured and is gone.", "reason")
        self._held = counter("held_seconds", "Time a chunk waited to be taken.", "reason")

    def count_sent(self, chunk: AudioChunk) -> None:
        """Counts a chunk that the topic holds, without the stretch it shares with the next."""
        if not chunk.pcm.size:
            return
        duration_s = (chunk.pcm.size - PATCH_OVERLAP_SAMPLES) / SAMPLE_RATE_HZ
        self._heard.inc(duration_s)
        if Flags.SILENT in chunk.header.flags:
            self._silent.inc(duration_s)
        if Flags.CLIPPED in chunk.header.flags:
            self._clipped.inc(duration_s)

    def count_lost(self, num_samples: int, reason: str) -> None:
        """Counts samples at 16 kHz that were sent and that the broker no longer has."""
        self._lost.labels(reason).inc(num_samples / SAMPLE_RATE_HZ)

    def count_held(self, duration_s: float, reason: str) -> None:
        """Counts time spent waiting because the topic is `full` or the broker is `away`."""
        self._held.labels(reason).inc(duration_s)
