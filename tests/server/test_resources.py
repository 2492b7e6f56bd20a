"""A server that has nothing to serve says which engines are silent, and nothing else."""

from pathlib import Path

import pytest

from runtime.setting_values import SettingError
from runtime.settings import load_settings
from server import resources
from server.health import Readiness
from server.resources import open_resources
from stores.answering import NoAnswer
from tests.consumers.test_starting import DEAD

pytestmark = pytest.mark.integration  # refused connections, no engines


async def test_dead_engines_and_no_static_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(resources, "START_SECONDS", 0.5)
    nothing = {"EXPLORE_STATIC_LISTS": str(tmp_path / "none"), "EXPLORE_SECRET": "s" * 32}
    with pytest.raises(NoAnswer, match="EXPLORE_POSTGRES_DSN and EXPLORE_REDIS_URL$"):
        await open_resources(load_settings(DEAD | nothing), Readiness()).__aenter__()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "cannot be read (No such file or directory)"),
        ("no keys", "holds no keys (JSON is malformed: invalid character (byte 4))"),
        ('{"keys": [{"kty": "RSA", "n": "AQAB"}]}', "holds no keys (the set holds no RSA key"),
    ],
)
async def test_a_file_of_keys_is_read_at_the_start(
    tmp_path: Path, content: str | None, complaint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "jwks.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingError, match="^EXPLORE_JWKS names a file that ") as caught:
        await open_resources(
            load_settings(DEAD | {"EXPLORE_JWKS": str(file)}), Readiness()
        ).__aenter__()
    assert complaint in str(caught.value)
    assert capfd.readouterr() == ("", "")


async def test_a_broken_address_of_the_replica_is_its_own_setting() -> None:
    broken = {"EXPLORE_POSTGRES_REPLICA_DSN": "postgresql://h/x?sslmode=bogus"}
    with pytest.raises(SettingError, match="EXPLORE_POSTGRES_REPLICA_DSN cannot be used"):
        await open_resources(load_settings(DEAD | broken), Readiness()).__aenter__()
