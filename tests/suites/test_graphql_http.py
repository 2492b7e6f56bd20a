"""The audits of the GraphQL-over-HTTP working group's reference implementation."""

from collections import Counter

import msgspec
import pytest

from tests.end_to_end.running_demo import RunningDemo
from tests.suites.installed import HERE
from tests.suites.node import Node

pytestmark = pytest.mark.end_to_end

Result = tuple[str, str, str, str]


def audits(node: Node, address: str) -> list[Result]:
    said = node.run("node", "audits.mjs", f"{address}/graphql", cwd=HERE)
    return msgspec.json.decode(said, type=list[Result])


def test_the_profile_legacy_passes_each_audit(node: Node, running: RunningDemo) -> None:
    results = audits(node, f"http://127.0.0.1:{running.port}")
    assert [one for one in results if one[0] != "ok"] == []
    assert len(results) == 61


def test_the_profile_of_september_has_no_error(node: Node, september: str) -> None:
    """The audits know an earlier text: where the edition says 422 they note the lack of 400."""
    results = audits(node, september)
    assert [one for one in results if one[0] == "error"] == []
    assert Counter(one[0] for one in results)["warn"] <= 4
