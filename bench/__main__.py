"""Measures speed and size and writes `bench/RESULTS.md`: `make bench`, on a quiet machine."""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

# The workers' setting: small products are faster on one thread, and the machine is shared.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Compiling every module again at each start is not what is measured.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from bench import (
    embedders,
    event_queries,
    features,
    fleet,
    footprint,
    latency,
    live_feed,
    notifier,
    pages,
    throughput,
)
from bench.row import Row
from earshot.observability import configure_logging
from earshot.settings import ObservabilitySettings

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS = {
    "embedders": embedders,
    "features": features,
    "footprint": footprint,
    "throughput": throughput,
    "latency": latency,
    "fleet": fleet,
    "notifier": notifier,
    "event_queries": event_queries,
    "live_feed": live_feed,
    "pages": pages,
}


def main() -> int:
    """Runs the parts that the arguments name, or all of them and then writes the results."""
    chosen = sys.argv[1:] or list(PARTS)
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        print(f"no part {unknown[0]!r}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    with Path(os.devnull).open("w") as nowhere:
        # What runs in this process logs as a service does, and is not seen.
        configure_logging("bench", ObservabilitySettings(), nowhere)
        for name in chosen:
            print(f"measuring {name} …", file=sys.stderr)
            found = PARTS[name].measure()
            for row in found:
                print(row.markdown(), flush=True)
            rows += found
    if len(chosen) == len(PARTS):
        RESULTS.write_text(_page(rows))
    return 0


def _page(rows: list[Row]) -> str:
    return "\n".join(
        [
            "# Results",
            "",
            f"`make bench` on {datetime.now(UTC):%Y-%m-%d}: {_processor()}, "
            f"{os.cpu_count()} cores, Python {platform.python_version()}. Broker, services and the "
            "load share the",
            "machine; ratios compare measurements of the same run; times are medians unless named "
            "otherwise.",
            "",
            "| what | value | bar | |",
            "|---|---|---|---|",
            *(row.markdown() for row in rows),
            "",
        ]
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.machine()


if __name__ == "__main__":
    sys.exit(main())
