"""Apollo, urql, graphql-ws and graphql-sse as frontends use them; each test is in `clients/`."""

from pathlib import Path

import pytest

from tests.end_to_end.running_demo import RunningDemo
from tests.suites.installed import HERE
from tests.suites.node import Node

pytestmark = pytest.mark.end_to_end

FILES = sorted((HERE / "clients").glob("*.test.mjs"))


@pytest.mark.parametrize("file", FILES, ids=[path.name for path in FILES])
def test_a_client(file: Path, node: Node, running: RunningDemo) -> None:
    surroundings = {
        "EXPLORE_URL": f"http://127.0.0.1:{running.port}/graphql",
        "EXPLORE_TOKEN": running.token("suite"),
    }
    node.run("node", "--test", "--test-timeout=60000", str(file), cwd=HERE, env=surroundings)
