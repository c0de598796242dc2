from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from earshot.cli.supervisor import tether
from tests.unit.cli.supervisor.running import wait_until

PARENT = """
import os, sys, time
from earshot.cli.supervisor.child import Child
child = Child(["/bin/sleep", "60"], {})
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_a_process_dies_when_its_parent_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        wait_until(lambda: _command(pid).startswith("/bin/sleep"), "the program runs")
        parent.send_signal(signal.SIGKILL)
    wait_until(lambda: not _command(pid), "its end")


def test_nothing_starts_when_the_parent_is_dead_already() -> None:
    dead = 4_194_304  # above any process id
    command = [sys.executable, "-I", "-S", tether.__file__, str(dead), "/bin/echo", "started"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stdout == ""


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
