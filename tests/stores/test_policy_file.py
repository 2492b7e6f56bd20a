"""A policy in a file holds for the whole process; a broken one keeps it from starting."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.eligibility import enforce, is_recommendable, shadow_ban_seconds
from domain.moderation import ReviewStatus, SafetyScores
from domain.policy_table import POLICY
from runtime.start import CannotStart
from stores.policy_file import enforce_policy

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = ROOT / "deploy" / "policy.toml"
DOUBTED = ReviewStatus.AUTO_APPROVED, SafetyScores(spam=0.3)
STRICTER = 'above = 0.8\nthen = "DROP"\nreason = "SPAM"'


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    yield
    enforce(POLICY)


def test_a_file_takes_the_place_of_the_default(tmp_path: Path) -> None:
    path, text = tmp_path / "policy.toml", DEFAULT.read_text("utf-8")
    assert text.count(STRICTER) == 1
    text = text.replace(STRICTER, STRICTER.replace("0.8", "0.2")).replace("days = 90", "days = 7")
    path.write_text(text, "utf-8")
    assert is_recommendable(*DOUBTED)
    enforce_policy("")
    assert is_recommendable(*DOUBTED)
    enforce_policy(str(path))
    assert not is_recommendable(*DOUBTED)
    assert shadow_ban_seconds() == 7 * 86_400.0


def test_a_broken_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    for content in (None, b"\xff", b"rule = []"):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(CannotStart, match=r"^EXPLORE_POLICY: \S+ is no policy \([^\n]+$"):
            enforce_policy(str(path))
    assert shadow_ban_seconds() == 90 * 86_400.0


@pytest.mark.parametrize("command", [("server",), ("consumers", "all")])
def test_a_process_does_not_start_with_one(command: tuple[str, ...], tmp_path: Path) -> None:
    settings = {
        "EXPLORE_ENVIRONMENT": "development",
        "EXPLORE_POSTGRES_DSN": "postgresql://127.0.0.1:1/none",
        "EXPLORE_REDIS_URL": "redis://127.0.0.1:1",
        "EXPLORE_KAFKA_BOOTSTRAP": "127.0.0.1:1",
        "EXPLORE_OPENSEARCH_URL": "http://127.0.0.1:1",
        "EXPLORE_JWKS": str(tmp_path / "none"),
        "EXPLORE_POLICY": str(tmp_path / "none.toml"),
    }
    process = subprocess.run(
        (sys.executable, "-m", *command),
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert process.returncode == 2
    (line,) = process.stderr.splitlines()
    assert line.startswith("EXPLORE_POLICY: ")
