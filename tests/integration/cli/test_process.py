from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.integration.cli.conftest import WITHIN_S
from tests.integration.cli.sounds import alarm, write

Start = Callable[..., "subprocess.Popen[str]"]
HEAVY = ("numpy", "openvino", "redis", "pydantic_settings", "structlog", "soundfile")


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, errors = process.communicate(timeout=WITHIN_S)
    return process.returncode, out, errors


def test_a_recording_is_classified(earshot_process: Start, alarm_file: Path) -> None:
    code, out, errors = ended(earshot_process("classify", alarm_file, "--format", "ndjson"))
    assert (code, errors) == (0, "")
    assert [event["label"] for event in json.loads(out)["events"]] == ["Alarm tone"]


def test_a_refused_file_is_exit_code_2(
    earshot_process: Start, alarm_file: Path, tmp_path: Path
) -> None:
    code, out, errors = ended(earshot_process("classify", tmp_path / "absent.wav", alarm_file))
    assert code == 2
    assert errors == f"earshot: {tmp_path}/absent.wav: no such file\n"
    assert out.startswith(f"{alarm_file}  12.0s\n  Alarm tone: ")


def test_a_closed_pipe_is_quiet(earshot_process: Start, alarm_file: Path) -> None:
    process = earshot_process("classify", *[alarm_file] * 50, "--format", "ndjson")
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait(WITHIN_S) != 0
    process.stderr.close()


def test_ctrl_c_is_quiet(earshot_process: Start, alarm_file: Path, tmp_path: Path) -> None:
    sounds, bundles = tmp_path / "sounds", tmp_path / "bundles"
    sounds.mkdir()
    for number in range(500):
        (sounds / f"{number}.wav").symlink_to(alarm_file)
    process = earshot_process("classify", sounds, "--format", "ndjson", "--bundle", bundles)
    assert process.stdout is not None
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    code, _, errors = ended(process)
    assert (code, errors) == (130, "")
    assert not list(bundles.glob(".*"))  # nothing half-written


def test_an_encoding_without_dashes_is_no_error(earshot_process: Start, alarm_file: Path) -> None:
    process = earshot_process("classify", alarm_file, PYTHONIOENCODING="latin-1")
    code, out, errors = ended(process)
    assert (code, errors) == (0, "")
    assert "\\u2013" in out


def test_a_name_that_is_no_text_is_no_error(earshot_process: Start, tmp_path: Path) -> None:
    path = tmp_path / "a\udcff.wav"
    try:
        write(tmp_path / "a.wav", alarm()).rename(path)
    except OSError:
        pytest.skip("this file system takes names that are text, nothing else")
    for form in ("table", "csv", "brief", "json"):
        code, out, errors = ended(earshot_process("classify", tmp_path, "--format", form))
        assert (code, errors) == (0, ""), form
        assert out


def test_the_help_is_there_before_anything_heavy_is_loaded() -> None:
    code = (
        "import sys; import earshot.cli.classify, earshot.cli.events, earshot.cli.play;"
        "import earshot.cli.run;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


@pytest.mark.parametrize("command", ["classify", "events", "play", "run", "token"])
def test_each_command_explains_itself(earshot_process: Start, command: str) -> None:
    code, out, errors = ended(earshot_process(command, "--help"))
    assert (code, errors) == (0, "")
    assert "Usage: " in out


def test_a_service_runs_with_its_own_words(earshot_process: Start) -> None:
    code, _, errors = ended(earshot_process("run", "capture", "--device", "a b", "x.wav"))
    assert code == 2
    assert errors.splitlines()[-1].startswith("python -m services.capture: error: ")


def test_a_service_without_its_needs_does_not_start(earshot_process: Start, tmp_path: Path) -> None:
    variables = {"EARSHOT_API_HOST": "0.0.0.0", "EARSHOT_DATA_DIR": str(tmp_path)}
    code, _, errors = ended(earshot_process("run", "api", **variables, EARSHOT_DATABASE_URL=""))
    assert code == 2
    assert "EARSHOT_API_HOST" in errors


def test_memory_does_not_grow_with_the_recording(tmp_path: Path) -> None:
    """Ten minutes take no more than a few megabytes beyond what one minute takes."""
    code = (
        "import resource, sys; from pathlib import Path;"
        "from earshot.cli.hearing.listener import Listener;"
        "from earshot.cli.hearing.settings import HearingSettings;"
        "listener = Listener.load(HearingSettings());"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024;"
        "heard = [(listener.hear(Path(path)), peak())[1] for path in sys.argv[1:]];"
        "print(heard[1] - heard[0])"
    )
    noise = np.random.default_rng(0).normal(0, 0.05, 600 * 16_000).astype(np.float32)
    files = [write(tmp_path / f"{minutes}.wav", noise[: minutes * 960_000]) for minutes in (1, 10)]
    ended = subprocess.run(
        [sys.executable, "-c", code, *map(str, files)], capture_output=True, text=True, check=True
    )
    assert float(ended.stdout.splitlines()[-1]) < 10  # after what was logged
