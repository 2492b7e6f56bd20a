"""The generated world: alive, as the README says, and there again at the second start."""

import re
import time
from pathlib import Path

import msgspec
import pytest

from demo import ports
from tests.end_to_end.running_demo import ROOT, RunningDemo, alive, demo

PATIENCE = 60.0  # seconds until simulated people must have done something
PAUSE = 0.5
POSTS = "{ explore(first: 20) { edges { node { id } } } }"
NODE = "query ($id: ID!) { node(id: $id) { id } }"

pytestmark = pytest.mark.end_to_end


def test_the_world_lives_and_is_there_again(tmp_path: Path) -> None:
    arguments = ("--state", str(tmp_path / "state"), "--port", str(ports.random_free((0,), ())))
    with demo(tmp_path, *arguments) as first:
        _answers_as_the_readme_says(first)
        post = first.ask(POSTS)["explore"]["edges"][0]["node"]["id"].text
        _people_come(tmp_path / "state" / "logs" / "api.log")
        family = first.family()
        assert first.stop() == 0
    assert alive(family) == set()
    assert any("filled the demo world" in line for line in first.lines)
    with demo(tmp_path, *arguments) as second:
        assert second.ask(NODE, {"id": post})["node"].plain == {"id": post}
        _answers_as_the_readme_says(second)
        family = second.family()
        assert second.stop() == 0
    assert alive(family) == set()
    assert not any("the demo world" in line for line in second.lines)


def _answers_as_the_readme_says(running: RunningDemo) -> None:
    """The README's first query, and the answer beneath it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    body = re.search(r"-d '(\{\"query\":.*?\"\})'", text, re.DOTALL)
    answer = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert body is not None
    assert answer is not None
    sent = msgspec.json.decode(body.group(1).replace("\n", " "), type=dict[str, str])
    said = msgspec.json.decode(answer.group(1), type=dict[str, object])
    assert {"data": running.ask(sent["query"]).plain} == said


def _people_come(log: Path) -> None:
    """Simulated people's interactions reach the API."""
    deadline = time.monotonic() + PATIENCE
    while "TrackInteractions" not in log.read_text(encoding="utf-8"):
        assert time.monotonic() < deadline, "nobody came"
        time.sleep(PAUSE)
