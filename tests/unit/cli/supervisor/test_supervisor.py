from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from earshot.cli.supervisor import slot
from earshot.cli.supervisor.log import MergedLog
from earshot.cli.supervisor.spec import ProcessSpec
from earshot.cli.supervisor.supervisor import Supervisor
from tests.unit.cli.supervisor.running import DEAF, PATIENT, Start, shell, wait_until


def test_a_process_is_started_again_when_it_was_killed(start: Start) -> None:
    running = start(shell("service", PATIENT))
    running.wait_for("hello")
    first = running.pid("service")
    os.kill(first, signal.SIGKILL)
    running.wait_for("hello", times=2)
    assert running.pid("service") not in {0, first}
    assert "killed by SIGKILL, starting it again" in running.log


def test_waits_grow_when_a_process_ends_again_and_again(start: Start) -> None:
    running = start(shell("service", "exit 1"))
    running.wait_for("in_s=0.8")
    waits = [word for word in running.log.split() if word.startswith("in_s=")]
    assert waits[:3] == ["in_s=0.2", "in_s=0.4", "in_s=0.8"]


def test_lines_of_all_processes_are_merged_under_their_names(start: Start) -> None:
    running = start(shell("one", PATIENT, replicas=2), shell("two", "echo oops >&2; sleep 30"))
    running.wait_for("hello", times=2)
    running.wait_for("oops")
    lines = {tuple(line.split()[1:]) for line in running.log.splitlines()}
    assert {("one", "hello"), ("one-2", "hello"), ("two", "oops")} <= lines


def test_others_wait_for_one_that_must_be_ready_first(start: Start, tmp_path: Path) -> None:
    sign = tmp_path / "ready"
    running = start(shell("late", PATIENT), shell("early", PATIENT, is_ready=sign.exists))
    running.wait_for("early         hello")
    assert running.pid("late") == 0
    sign.touch()
    running.wait_for("late          hello")


def test_processes_stop_in_order_when_it_is_told_to(start: Start) -> None:
    running = start(shell("a", PATIENT), shell("b", PATIENT), shell("c", PATIENT))
    running.wait_for("hello", times=3)
    running.supervisor.stop()
    running.join()
    assert [line.split()[1] for line in running.log.splitlines() if "bye" in line] == [
        "a",
        "b",
        "c",
    ]
    assert running.changes[-1] == {}


def test_a_process_that_does_not_stop_is_killed(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slot, "STOP_WITHIN_S", 0.2)
    running = start(shell("deaf", DEAF), shell("broker", PATIENT))
    running.wait_for("hello", times=2)
    running.supervisor.stop()
    running.join()
    assert "does not stop, killing it" in running.log
    assert "bye" in running.log


def test_everything_is_killed_at_once_when_told_a_second_time(start: Start) -> None:
    running = start(shell("deaf", DEAF), shell("broker", PATIENT))
    running.wait_for("hello", times=2)
    running.supervisor.stop()
    running.supervisor.stop()
    running.join()
    assert "bye" not in running.log
    assert running.log.count("killed by SIGKILL") == 2


def test_all_ends_with_the_reason_when_a_process_refuses_twice(start: Start) -> None:
    running = start(shell("picky", "echo KEY=7: must be 8; exit 2"), shell("broker", PATIENT))
    running.join()
    assert str(running.refused) == "picky refuses to start: KEY=7: must be 8"
    assert running.log.count("KEY=7") == 2
    assert "bye" in running.log


def test_all_ends_when_what_others_wait_for_never_becomes_ready(
    start: Start, tmp_path: Path
) -> None:
    spec = shell("broker", "exit 1", is_ready=lambda: False, log_file=tmp_path / "broker.log")
    running = start(shell("service", PATIENT), spec)
    running.join()
    expected = f"broker refuses to start: ended with exit code 1: see {tmp_path / 'broker.log'}"
    assert str(running.refused) == expected
    assert "hello" not in running.log


def test_a_process_whose_work_is_done_is_not_started_again(start: Start) -> None:
    running = start(shell("producer", "echo played; exit 3", is_endless=False))
    running.join()
    assert running.log.count("played") == 1
    assert running.supervisor.exit_codes == {"producer": 3}
    assert running.refused is None


def test_replicas_come_and_go_when_scaled(start: Start) -> None:
    running = start(shell("service", PATIENT))
    running.wait_for("hello")
    first = running.pid("service")
    running.supervisor.scale("service", 3)
    running.wait_for("hello", times=3)
    assert set(running.supervisor.processes) == {"service", "service-2", "service-3"}
    running.supervisor.scale("service", 1)
    wait_until(lambda: len(running.supervisor.processes) == 1, "one left")
    assert running.pid("service") == first
    assert running.log.count("bye") == 2


def test_scaling_is_refused_when_there_is_no_such_spec(start: Start) -> None:
    running = start(shell("service", PATIENT))
    with pytest.raises(ValueError, match="service"):
        running.supervisor.scale("servise", 2)


def test_what_a_process_started_ends_with_it(start: Start) -> None:
    running = start(shell("parent", "sleep 60 & echo child=$!; sleep 60"))
    running.wait_for("child=")
    grandchild = int(running.log.split("child=")[1].split()[0])
    os.kill(running.pid("parent"), signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{grandchild}").exists() or _is_dead(grandchild), "its end")


def test_a_process_that_closes_its_output_is_still_watched(start: Start) -> None:
    running = start(shell("mute", "exec >&- 2>&-; sleep 30"))
    wait_until(lambda: running.pid("mute"), "its start")
    os.kill(running.pid("mute"), signal.SIGKILL)
    running.wait_for("starting it again")


def test_it_stops_in_order_when_nobody_reads_its_log() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as out:  # noqa: PTH123  # a descriptor has no path
        Supervisor([shell("service", PATIENT)], MergedLog(out)).run()


def test_a_missing_program_is_named(start: Start) -> None:
    running = start(ProcessSpec("gone", ("/nowhere/program",)))
    running.join()
    assert str(running.refused).endswith("/nowhere/program: No such file or directory")


def _is_dead(pid: int) -> bool:
    """Whether it has ended, and waits for its parent to notice."""
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state in "ZX"
