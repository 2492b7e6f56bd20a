"""The demo's own settings: the user's win, and those that cannot be obeyed are refused."""

import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from demo import ports
from demo.addresses import in_url, reachable
from demo.options import Options
from demo.surroundings import PortInUse, api_address, given_settings, own_settings
from runtime.setting_values import SettingError
from runtime.settings import ENGINES, NEEDED_IN_PRODUCTION, load_settings
from runtime.start import CannotStart

pytestmark = pytest.mark.integration  # listens on loopback, no engines


@pytest.fixture
def port() -> int:
    return ports.random_free((0,), ())


def _address(host: str, port: int) -> tuple[str, int]:
    return api_address(Options(port=port), {"EXPLORE_HTTP_HOST": host})


@pytest.mark.parametrize(
    ("host", "taken"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "::1"), ("::", "127.0.0.1")],  # noqa: S104 - who listens everywhere listens there
)
def test_a_taken_port_is_told_from_a_wrong_host(host: str, taken: str, port: int) -> None:
    assert _address(host, port) == (host, port)
    family = socket.AF_INET6 if ":" in taken else socket.AF_INET
    with socket.socket(family) as listener:
        listener.bind((taken, port))
        listener.listen()
        with pytest.raises(PortInUse):
            _address(host, port)


@pytest.mark.parametrize(
    ("host", "complaint"),
    [
        ("bogus.invalid", "EXPLORE_HTTP_HOST bogus.invalid is no address: use 127.0.0.1"),
        ("x" * 64 + ".example", "is no address: use 127.0.0.1"),
        ("192.0.2.1", "192.0.2.1 cannot be listened on (Cannot assign requested address): set "),
        ("2001:db8::1", "2001:db8::1 cannot be listened on ("),
    ],
)
def test_a_host_that_cannot_be_listened_on_is_named(host: str, complaint: str, port: int) -> None:
    with pytest.raises(CannotStart) as caught:
        _address(host, port)
    assert complaint in str(caught.value)
    assert "EXPLORE_HTTP_HOST" in str(caught.value)


def test_any_port_is_a_known_one() -> None:
    assert api_address(Options(), {"EXPLORE_HTTP_PORT": "0"})[1] in ports.RANDOM


def test_where_servers_are_found() -> None:
    found = {host: reachable(host) for host in ("::", "0.0.0.0", "::1", "localhost")}  # noqa: S104 - compared, not bound
    assert list(found.values()) == ["127.0.0.1", "127.0.0.1", "::1", "localhost"]
    assert (in_url("::1"), in_url("localhost")) == ("[::1]", "localhost")


def _settings(state: Path, given: Mapping[str, str]) -> Mapping[str, str]:
    return own_settings("127.0.0.1", 8_000, given, state)[0]


def test_production_needs_nothing_that_the_demo_does_not_make(tmp_path: Path) -> None:
    given = given_settings({"EXPLORE_ENVIRONMENT": "production", "HOME": "/"})
    settings = load_settings(_settings(tmp_path, given), needed=NEEDED_IN_PRODUCTION)
    assert not settings.is_development
    assert settings.drain == 0.0
    assert Path(settings.static_lists).parent == tmp_path


def test_a_drain_that_fits_is_obeyed_and_a_longer_one_refused(tmp_path: Path) -> None:
    given = given_settings({"EXPLORE_DRAIN_MS": "1000"})
    assert load_settings(_settings(tmp_path, given)).drain == 1.0
    with pytest.raises(SettingError, match="EXPLORE_DRAIN_MS is longer than a demo may take"):
        given_settings({"EXPLORE_DRAIN_MS": "1500"})


def test_a_file_without_keys_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="EXPLORE_JWKS names a file that cannot be read"):
        given_settings({"EXPLORE_JWKS": str(tmp_path / "none")})
    assert given_settings({"EXPLORE_JWKS": "https://login.invalid/jwks.json"})


def test_the_engines_that_are_given_are_not_the_demos_to_set(tmp_path: Path) -> None:
    assert not set(_settings(tmp_path, dict.fromkeys(ENGINES, "x"))) & set(ENGINES)
