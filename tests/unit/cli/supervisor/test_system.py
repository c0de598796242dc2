from __future__ import annotations

from pathlib import Path

import pytest

from earshot.broker import check_memory
from earshot.cli.supervisor.system import System


def test_processes_stop_in_the_order_a_sound_travels(tmp_path: Path) -> None:
    names = [spec.name for spec in System.on_free_ports(tmp_path, 512).specs()]
    assert names == ["features", "classifier", "modelserver", "notifier", "api", "broker"]


@pytest.mark.parametrize("budget_mb", [1, 300, 512, 4095])
def test_the_brokers_memory_is_enough_for_the_streams(tmp_path: Path, budget_mb: int) -> None:
    *_, broker = System.on_free_ports(tmp_path, budget_mb).specs()
    words = broker.command
    maxmemory_mb = int(words[words.index("--maxmemory") + 1].removesuffix("mb"))
    check_memory(budget_mb, maxmemory_mb * 2**20, "noeviction")
    assert maxmemory_mb <= budget_mb / 0.6 + 2
    assert words[words.index("--appendonly") + 1] == "yes"


def test_services_are_told_where_the_others_are(tmp_path: Path) -> None:
    system = System(tmp_path, 512, redis_port=1, serving_port=2, api_port=3)
    specs = {spec.name: spec for spec in system.specs(num_features=2, num_classifiers=3)}
    assert specs["features"].environment["EARSHOT_REDIS_URL"] == "redis://127.0.0.1:1/0"
    assert specs["classifier"].environment["EARSHOT_SERVING_TARGET"] == "127.0.0.1:2"
    assert specs["modelserver"].environment["EARSHOT_MODELSERVER_PORT"] == "2"
    assert specs["api"].environment["EARSHOT_API_PORT"] == "3"
    assert specs["features"].replicas == 2
    assert specs["classifier"].replicas == 3


def test_ports_differ_from_each_other_and_from_the_one_asked_for(tmp_path: Path) -> None:
    system = System.on_free_ports(tmp_path, 512, api_port=8080)
    assert system.api_port == 8080
    assert len({system.redis_port, system.serving_port, system.api_port}) == 3
