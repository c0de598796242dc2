"""Where the api may listen."""

from __future__ import annotations

import pytest

from earshot.settings import SettingsError, StreamSettings
from earshot.startup import load
from services.api.settings import ApiSettings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_address_is_accepted_when_only_this_machine_can_reach_it(host: str) -> None:
    assert load(ApiSettings, api_host=host).api_host == host


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.1", "example.org", "localhost.example.org", "127.0.0.1:80"]
)
def test_address_is_refused_when_others_could_reach_it(host: str) -> None:
    with pytest.raises(SettingsError, match=r"^EARSHOT_API_HOST='.*': must be a loopback address"):
        load(ApiSettings, api_host=host)


def test_no_broker_is_asked_for_when_none_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EARSHOT_REDIS_URL", raising=False)
    assert load(ApiSettings).redis_url is None


def test_the_live_feed_uses_the_deployments_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_KEY_PREFIX", "mine")
    assert load(ApiSettings).key_prefix == load(StreamSettings).key_prefix == "mine"


@pytest.mark.parametrize(
    ("name", "value"),
    [("api_stream_clients", 0), ("api_stream_heartbeat_s", 0), ("key_prefix", "{")],
)
def test_a_setting_of_the_live_feed_is_refused(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=f"^EARSHOT_{name.upper()}="):
        load(ApiSettings, **{name: value})
