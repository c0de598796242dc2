"""The whole system on one machine: its processes, and where they find each other."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from earshot.broker import BUDGET_SHARE
from earshot.cli.supervisor.ports import free_port
from earshot.cli.supervisor.spec import ProcessSpec
from earshot.embedded_broker import LOG_FILE, broker_command, is_answering

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class System:
    """One system: a data folder and three ports on loopback.

    Attributes:
        data_dir: The broker's files are in its folder `broker`, the database beside it.
        stream_budget_mb: What the streams may hold; the broker's memory is sized for it.
        redis_port: Where the broker listens.
        serving_port: Where the model server listens.
        api_port: Where the api listens.
    """

    data_dir: Path
    stream_budget_mb: int
    redis_port: int
    serving_port: int
    api_port: int

    @classmethod
    def on_free_ports(cls, data_dir: Path, stream_budget_mb: int, api_port: int = 0) -> System:
        """Returns a system on ports that nobody uses now; `api_port` 0 takes a free one too."""
        ports: list[int] = []
        while len(ports) < 3:
            port = free_port()
            if port not in {*ports, api_port}:
                ports.append(port)
        return cls(data_dir, stream_budget_mb, ports[0], ports[1], api_port or ports[2])

    @property
    def addresses(self) -> dict[str, str]:
        """Where the system can be reached from this machine."""
        return {
            "redis_url": f"redis://{HOST}:{self.redis_port}/0",
            "api_url": f"http://{HOST}:{self.api_port}",
            "serving_target": f"{HOST}:{self.serving_port}",
        }

    @property
    def environment(self) -> dict[str, str]:
        """What every service of the system is told, and whatever else wants to join it."""
        return {
            "EARSHOT_REDIS_URL": self.addresses["redis_url"],
            "EARSHOT_SERVING_TARGET": self.addresses["serving_target"],
            "EARSHOT_DATA_DIR": str(self.data_dir),
            "EARSHOT_STREAM_BUDGET_MB": str(self.stream_budget_mb),
            "EARSHOT_LOG_FORMAT": "json",
            "EARSHOT_METRICS_PORT": "0",  # one variable for many processes: each takes a free one
            # A worker is one thread of inference and is scaled by starting another. Products in
            # numpy gain nothing from more threads, and on a busy machine lose forty times.
            "OPENBLAS_NUM_THREADS": "1",
            # glibc would keep a heap per thread; the readers of the partitions share two.
            "MALLOC_ARENA_MAX": "2",
        }

    def specs(self, num_features: int = 1, num_classifiers: int = 1) -> list[ProcessSpec]:
        """Returns what to run, in the order a sound travels."""
        serving = {
            "EARSHOT_MODELSERVER_HOST": HOST,
            "EARSHOT_MODELSERVER_PORT": str(self.serving_port),
        }
        api = {"EARSHOT_API_HOST": HOST, "EARSHOT_API_PORT": str(self.api_port)}
        return [
            self.service("features", replicas=num_features),
            self.service("classifier", replicas=num_classifiers),
            self.service("modelserver", serving),
            self.service("notifier"),
            self.service("api", api),
            self._broker(),
        ]

    def service(
        self, name: str, environment: Mapping[str, str] | None = None, replicas: int = 1
    ) -> ProcessSpec:
        """Returns a service of the system."""
        return ProcessSpec(
            name,
            service_command(name),
            {**self.environment, **(environment or {})},
            replicas,
        )

    def _broker(self) -> ProcessSpec:
        folder = self.data_dir / "broker"
        maxmemory_mb = math.ceil(self.stream_budget_mb / BUDGET_SHARE) + 1  # never short by a bit
        folder.mkdir(parents=True, exist_ok=True)
        return ProcessSpec(
            "broker",
            tuple(broker_command(folder, self.redis_port, maxmemory_mb)),
            is_ready=lambda: is_answering(self.redis_port),
            log_file=folder / LOG_FILE,
        )


def service_command(name: str) -> tuple[str, ...]:
    """Returns what starts a service; modules in the current folder do not get in its way (-P)."""
    return (sys.executable, "-P", "-m", f"services.{name}")
