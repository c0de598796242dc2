"""Where the api may listen."""

from __future__ import annotations

import pytest

from earshot.settings import SettingsError, StreamSettings
from earshot.startup import load
from services.api.settings import ApiSettings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_no_token_is_needed_when_only_this_machine_can_reach_the_address(host: str) -> None:
    settings = load(ApiSettings, api_host=host)
    assert settings.is_loopback
    assert not settings.access.asks_for_tokens
    assert load(ApiSettings, api_host=host, api_require_tokens=True).access.asks_for_tokens


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.1", "example.org", "localhost.example.org", "127.0.0.1:80"]
)
def test_a_token_is_always_needed_when_others_could_reach_the_address(host: str) -> None:
    settings = load(ApiSettings, api_host=host, api_require_tokens=False)
    assert not settings.is_loopback
    assert settings.access.asks_for_tokens
    assert not settings.access.has_open_metrics


def test_no_broker_is_asked_for_when_none_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EARSHOT_REDIS_URL", raising=False)
    assert load(ApiSettings).redis_url is None


def test_the_live_feed_uses_the_deployments_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_KEY_PREFIX", "mine")
    assert load(ApiSettings).key_prefix == load(StreamSettings).key_prefix == "mine"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("api_stream_clients", 0),
        ("api_stream_heartbeat_s", 0),
        ("key_prefix", "{"),
        ("api_rate_per_s", 0),
        ("api_max_body_bytes", 0),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=f"^EARSHOT_{name.upper()}="):
        load(ApiSettings, **{name: value})
