"""The apps of `examples/`: compiled, and run on stored documents as in production.

Each pages through explore, likes a post and shows trending as it changes.
"""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import msgspec
import pytest

from demo.running import find
from tests.end_to_end.running_demo import ROOT, RunningDemo
from tests.suites.installed import HERE
from tests.suites.node import Node

EXAMPLES: Final = ROOT / "examples"
MANIFESTS: Final = {
    "apollo": "src/gql/persisted-documents.json",
    "relay": "persisted-queries.json",
    "urql": "src/gql/persisted-documents.json",
}
SECONDS: Final = 120.0
LOOKS: Final = 200
LOOK_SECONDS: Final = 0.25  # servers follow within 5 s; a busy machine may need longer
HEAD: Final = "{ trending(first: 20, window: HOUR) { edges { impressionToken node { id } } } }"
REACT: Final = """
mutation ($post: ID!, $action: InteractionAction!, $token: String!) {
  trackInteraction(input: {target: {postId: $post}, action: $action, impressionToken: $token}) {
    recorded } }"""
generated = shutil.ignore_patterns("node_modules", "dist", "gql", "__generated__")


@pytest.fixture(scope="module")
def examples(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the examples beside the schema, with the suites' packages."""
    root = tmp_path_factory.mktemp("checkout")
    (root / "schema").symlink_to(ROOT / "schema")
    shutil.copytree(EXAMPLES, root / "examples", ignore=generated)
    (root / "examples" / "node_modules").symlink_to(node.packages.resolve())
    return root / "examples"


@pytest.mark.parametrize("name", MANIFESTS)
def test_its_packages_are_those_of_the_suites(name: str) -> None:
    theirs = msgspec.json.decode((HERE / "package.json").read_bytes())["devDependencies"]
    description = msgspec.json.decode((EXAMPLES / name / "package.json").read_bytes())
    own = description["dependencies"] | description["devDependencies"]
    assert own == {package: theirs.get(package) for package in own}


@pytest.mark.end_to_end
@pytest.mark.parametrize("name", MANIFESTS)
def test_it_pages_through_explore_likes_and_shows_live_trending(
    name: str, node: Node, examples: Path, running: RunningDemo, production: str
) -> None:
    folder = examples / name
    node.run("npm", "run", "--silent", "build", cwd=folder)
    _add(running, folder / MANIFESTS[name], f"{name}@1.0.0")
    _wait_until_served(production, folder / MANIFESTS[name])
    surroundings = {
        "EXPLORE_URL": f"{production}/graphql",
        "EXPLORE_TOKEN": running.token(f"{name}-reader"),
        "EXPLORE_UPDATES": "2",
    }
    with _started(node, folder, surroundings) as lines:
        said = lines(r"trending \d+: 20 in")
        _move_trending(running, name)
        said += lines(r"changed \d+: ")
    numbers = [int(found[1]) for line in said if (found := re.match(r"(\d+)\. ", line))]
    assert numbers == list(range(1, 16))
    assert "liked: true" in said


def test_the_documents_of_the_relay_example_are_those_that_its_sources_give(
    node: Node, examples: Path
) -> None:
    node.run("relay-compiler", cwd=examples / "relay")
    written = (examples / "relay" / "persisted-queries.json").read_text()
    assert written == (EXAMPLES / "relay" / "persisted-queries.json").read_text()


def _add(running: RunningDemo, manifest: Path, client: str) -> None:
    """As a team does that releases an app."""
    command = (sys.executable, "-m", "server", "documents", "add", str(manifest))
    said = subprocess.check_output(
        (*command, "--client", client),
        cwd=ROOT,
        env={**os.environ, **find(running.port).settings},
        text=True,
    )
    assert re.fullmatch(r"[03] documents added, [03] were there already\n", said)


def _wait_until_served(address: str, manifest: Path) -> None:
    identifier = next(iter(msgspec.json.decode(manifest.read_bytes(), type=dict[str, str])))
    for _ in range(LOOKS):
        answer = httpx.post(f"{address}/graphql", json={"documentId": identifier}, timeout=30.0)
        if "PERSISTED_QUERY_NOT_FOUND" not in answer.text:
            return
        time.sleep(LOOK_SECONDS)
    raise AssertionError(f"{identifier} is not served")


def _move_trending(running: RunningDemo, name: str) -> None:
    """Four people react to the last post of the head in four ways each."""
    edges = running.ask(HEAD)["trending"]["edges"]
    last = edges[len(edges) - 1]["node"]["id"].text
    for person in range(4):
        token = running.token(f"{name}-{person}")
        served = running.ask(HEAD, token=token)["trending"]["edges"]
        impressions = {one["node"]["id"].text: one["impressionToken"].text for one in served}
        for action in ("LIKE", "SAVE", "SHARE", "COMMENT"):
            given = {"post": last, "action": action, "token": impressions[last]}
            assert running.ask(REACT, given, token)["trackInteraction"]["recorded"].plain is True


@contextmanager
def _started(
    node: Node, folder: Path, surroundings: dict[str, str]
) -> Generator[Callable[[str], list[str]]]:
    """A running app; the value waits for a line and gives all lines up to it."""
    with subprocess.Popen(
        ("node", "dist/main.js"),
        cwd=folder,
        env=node.environment(surroundings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        late = threading.Timer(SECONDS, process.kill)
        late.start()
        assert process.stdout is not None
        output = process.stdout

        def lines(until: str) -> list[str]:
            said: list[str] = []
            for line in output:
                said.append(line.strip())
                if re.match(until, line):
                    return said
            raise AssertionError("\n".join(said))

        try:
            yield lines
            output.read()
            assert process.wait(SECONDS) == 0
        finally:
            late.cancel()
            process.kill()
