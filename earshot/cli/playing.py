"""What `earshot play` does: the capture service's own playback, with a bar to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from prometheus_client import CollectorRegistry

from earshot.broker import connect
from earshot.cli.errors import CannotStart, FileRefused
from earshot.cli.output import EXIT_REFUSED, say, write
from earshot.cli.player import Player
from earshot.cli.progress import FilesProgress
from earshot.cli.quiet_logs import quiet_logs
from earshot.cli.recordings import Found, find
from earshot.cli.running_system import RunningSystem, find_running_system
from earshot.cli.watched_append import WatchedAppend
from earshot.startup import load, unknown_variables
from earshot.streams.errors import BrokerAway, BrokerRefused
from earshot.streams.redis_streams import RedisStreams
from services.capture.append import append_to
from services.capture.metrics import CaptureMetrics
from services.capture.playback import Playback
from services.capture.settings import CaptureSettings
from services.capture.stop import stop_on_signals

EXIT_STOPPED = 130


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    Attributes:
        paths: Files and folders.
        device_id: Who hears them.
        speed: Times real time; None for as fast as the system takes it.
        is_endless: Whether to start over after the last one.
    """

    paths: Sequence[Path]
    device_id: str
    speed: float | None
    is_endless: bool


def play_all(request: Request) -> int:
    """Plays until everything is played or it is told to stop; returns the exit code.

    Raises:
        CannotStart: There is no system, or its broker refuses.
        SettingsError: The settings make no sense.
    """
    system = find_running_system()
    settings = load(CaptureSettings, redis_url=system.redis_url)
    say("\n".join(unknown_variables(CaptureSettings)))
    found, stop = list(find(request.paths)), stop_on_signals()
    with quiet_logs():
        streams = _connected(settings, system)
        try:
            player = _play(request, found, streams, settings, stop)
        except BrokerRefused as error:
            raise CannotStart(str(error)) from None
        finally:
            streams.close()
    if stop.is_set():
        return EXIT_STOPPED
    _conclude(player, request.device_id, system)
    return EXIT_REFUSED if player.num_refused else 0


def _connected(settings: CaptureSettings, system: RunningSystem) -> RedisStreams:
    """An absent broker is waited for while playing, but not before the first contact."""
    try:
        streams = connect(settings)
        streams.ping()
    except (BrokerAway, BrokerRefused) as error:
        hint = "" if system.api_url is None else "; is `earshot up` still running?"
        raise CannotStart(f"{error}{hint}") from None
    return streams


def _play(
    request: Request,
    found: Sequence[Found | FileRefused],
    streams: RedisStreams,
    settings: CaptureSettings,
    stop: Event,
) -> Player:
    progress = FilesProgress(len(found))
    append = WatchedAppend(append_to(streams), progress)
    playback = Playback(
        request.device_id,
        append,
        stop,
        CaptureMetrics(CollectorRegistry()),
        request.speed,
        settings.capture_patches_per_chunk,
        settings.capture_silent_dbfs,
    )
    player = Player(playback, append, progress)
    try:
        playable = player.once(found)
        while request.is_endless and playable and not stop.is_set():
            playable = player.once(playable)
    finally:
        progress.hide()
    return player


def _conclude(player: Player, device_id: str, system: RunningSystem) -> None:
    if not player.num_played:
        return
    recordings = "recording" if player.num_played == 1 else "recordings"
    write(f"played {player.num_played} {recordings} ({player.played_s:.1f} s) as {device_id}\n")
    address = f"/v1/events?device={device_id}"
    if system.api_url is None:
        write(f"the events are at the system's API: {address}\n")
    else:
        write(f"the events are at {system.api_url.rstrip('/')}{address}\n")
