"""Compiles a network for the CPU with OpenVINO: precision and threads always said."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openvino as ov


def compile_on_cpu(core: ov.Core, path: Path, precision: str, num_threads: int) -> Any:
    """Returns the compiled model of an IR file or a SavedModel folder.

    OpenVINO 2026.4 gives the thread that compiles an alternate signal stack, and takes the
    stack of another model away from it when models are released in the order they were made: the
    next signal then ends the process. So it compiles in a thread that handles no signals.

    Args:
        core: Its runtime.
        path: What to read.
        precision: `f32` or `bf16`; on some CPUs the default would be bf16.
        num_threads: Threads of one inference.

    Raises:
        RuntimeError: OpenVINO cannot read or run it.
    """
    options = {
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": num_threads,
        "PERFORMANCE_HINT": "LATENCY",
    }
    with ThreadPoolExecutor(1, thread_name_prefix="compile") as aside:
        return aside.submit(
            lambda: core.compile_model(core.read_model(path), "CPU", options)
        ).result()
