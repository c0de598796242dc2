"""The demonstration: three synthetic places, three devices, the whole system, and a verdict."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from earshot.broker import connect
from earshot.cli.demonstration.background import Background
from earshot.cli.demonstration.display import Display
from earshot.cli.demonstration.errors import DemonstrationFailed
from earshot.cli.demonstration.folder import LOG_FILE
from earshot.cli.demonstration.follow import Follower
from earshot.cli.demonstration.heard import Finding, compare, unexpected
from earshot.cli.demonstration.rest import fetch_events
from earshot.cli.soundscapes.collection import soundscapes
from earshot.cli.soundscapes.soundscape import Soundscape
from earshot.cli.supervisor.log import MergedLog
from earshot.cli.supervisor.ports import next_free_port
from earshot.cli.supervisor.spec import ProcessSpec
from earshot.cli.supervisor.supervise import API_PORT, stop_on_signals, supervisor_of
from earshot.cli.supervisor.system import System, service_command
from earshot.settings import StreamSettings
from earshot.startup import load

SPEED = 4.0  # times real time: fast enough to wait for, slow enough to watch
ENDS_WITHIN_S = 120.0


def demonstrate(folder: Path, display: Display, keep: bool = False) -> None:
    """Plays the soundscapes into a system of its own, and compares what it hears with the truth.

    Call it from the main thread: it takes Ctrl-C and SIGTERM.

    Args:
        folder: Empty; takes the recordings, the system's data, and its log.
        display: What people see.
        keep: Whether the system goes on until it is interrupted.

    Raises:
        DemonstrationFailed: The system did not hear all that is there.
        Interrupted: It was stopped before that.
        Refused: A process refused to start.
    """
    started_s = time.monotonic()
    settings = load(StreamSettings)
    system = System.on_free_ports(folder, settings.stream_budget_mb, next_free_port(API_PORT))
    settings = settings.model_copy(update={"redis_url": system.addresses["redis_url"]})
    scapes = soundscapes()
    players = [_player(system, scape) for scape in scapes]
    specs = [*players, *system.specs()]
    with (folder / LOG_FILE).open("w") as log:
        supervisor = supervisor_of(system, specs, MergedLog(log))
        stop_on_signals(supervisor)
        display.say(f"Starting {len(specs)} processes; playing {len(scapes)} synthetic soundscapes")
        with Background(supervisor) as background:
            follower = Follower(connect(settings))
            with display.live():
                _follow(background, players, follower, display)
            findings = _compare(system, display, scapes)
            _conclude(findings, display, time.monotonic() - started_s)
            _say_how_to_look(system, display, keep)
            if keep:
                display.say("It runs until Ctrl-C.")
                background.wait()
    if missed := [finding for finding in findings if finding.found is None]:
        names = (f"{finding.expected.label} on {finding.device_id}" for finding in missed)
        raise DemonstrationFailed(f"not heard: {', '.join(names)}")


def _player(system: System, scape: Soundscape) -> ProcessSpec:
    path = scape.write(system.data_dir)
    options = ("--device", scape.device_id, "--speed", str(SPEED))
    return ProcessSpec(
        f"capture-{scape.device_id}",
        (*service_command("capture"), *options, str(path)),
        system.environment,
        is_endless=False,
    )


def _follow(
    background: Background, players: Sequence[ProcessSpec], follower: Follower, display: Display
) -> None:
    """Shows events until the recordings have ended and everything has been worked off."""
    deadline_s = time.monotonic() + ENDS_WITHIN_S
    has_more = True
    while has_more or not (_have_played(background, players) and follower.is_idle()):
        background.check()
        revisions = follower.read()
        display.add(revisions)
        has_more = bool(revisions)
        if time.monotonic() > deadline_s:
            raise DemonstrationFailed(f"the recordings were not worked off in {ENDS_WITHIN_S:g} s")
    background.check()  # a recording that was stopped has ended as well


def _have_played(background: Background, players: Sequence[ProcessSpec]) -> bool:
    exit_codes = background.supervisor.exit_codes
    for player in players:
        if exit_codes.get(player.name):
            raise DemonstrationFailed(
                f"{player.name} ended with exit code {exit_codes[player.name]}"
            )
    return all(player.name in exit_codes for player in players)


def _compare(system: System, display: Display, scapes: Sequence[Soundscape]) -> list[Finding]:
    heard = fetch_events(system.addresses["api_url"])
    display.say(f"GET {system.addresses['api_url']}/v1/events: {len(heard)} events")
    findings = compare(scapes, heard)
    display.compare(findings, unexpected(findings, heard))
    return findings


def _conclude(findings: Sequence[Finding], display: Display, took_s: float) -> None:
    num_found = sum(finding.found is not None for finding in findings)
    display.say(
        f"{num_found} of {len(findings)} sounds that are there were heard, in {took_s:.1f} s."
    )


def _say_how_to_look(system: System, display: Display, keep: bool) -> None:
    url = system.addresses["api_url"]
    when = "Look at them now" if keep else "Look at them yourself while `earshot demo --keep` runs"
    display.say(f"{when}:")
    for path in (
        "/v1/events?label=Siren",
        "/v1/events?min_score=0.5",
        "/v1/devices",
        "/openapi.json",
    ):
        display.say(f"  curl '{url}{path}'")
