"""`make demo` as people run it, in production too: it stops with all its children when told to."""

import shutil
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from demo import ports
from tests.end_to_end.running_demo import ROOT, STOP_SECONDS, RunningDemo, alive

SMALL = ROOT.parent / "shared" / "data" / "fixture"
MANIFEST = ROOT / "operations" / "manifest.json"

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(not (ROOT / ".venv" / ".runtime").exists(), reason="needs `make setup`"),
    pytest.mark.skipif(shutil.which("make") is None, reason="needs make"),
]


@contextmanager
def _made(*variables: str, **settings: str) -> Generator[RunningDemo]:
    command = ("make", "demo", "ENGINES=embedded", *variables)
    with RunningDemo(ROOT, command, settings) as running:
        yield running


def test_signals_to_make_stop_everything(tmp_path: Path) -> None:
    variables = (
        f"DATA={_data_in_a_folder_with_a_blank(tmp_path)}",
        f"PORT={ports.random_free((0,), ())}",
        f"ARGS=--no-simulator --state '{tmp_path / 'its state'}'",
    )
    with _made(*variables, EXPLORE_ENVIRONMENT="production") as running:
        _serves_stored_operations_alone(running)
        _ends_in_time(running, running.stop)
    with _made(*variables) as running:
        _ends_in_time(running, running.interrupt)


def _data_in_a_folder_with_a_blank(folder: Path) -> str:
    """The shared cut of real data, or nothing: then it is the demo world."""
    if not SMALL.is_dir():
        return ""
    link = folder / "real data"
    link.symlink_to(SMALL)
    return str(link)


def _serves_stored_operations_alone(running: RunningDemo) -> None:
    stored = msgspec.json.decode(MANIFEST.read_bytes(), type=dict[str, str])
    trending = next(key for key, text in stored.items() if text.startswith("query Trending("))
    body = {"documentId": trending, "variables": {"window": "WEEK"}}
    answer = running.client.post("/graphql", json=body).json()
    assert len(answer["data"]["trending"]["edges"]) == 20
    refused = running.client.post("/graphql", json={"query": "{ __typename }"}).json()
    assert [each["extensions"]["code"] for each in refused["errors"]] == [
        "PERSISTED_QUERY_REQUIRED"
    ]


def _ends_in_time(running: RunningDemo, end: Callable[[], int]) -> None:
    """By itself: whoever is killed may lose something."""
    family = running.family()
    assert len(family) >= 8  # make, supervisor, four engines, API and consumers
    began = time.monotonic()
    end()
    while alive(family) and time.monotonic() - began < STOP_SECONDS:
        time.sleep(0.05)
    assert alive(family) == set()
    assert not [line for line in running.lines if "killed" in line]
