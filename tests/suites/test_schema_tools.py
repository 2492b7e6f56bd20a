"""GraphQL Inspector and graphql-eslint on the schema, the served schema and the operations."""

from pathlib import Path

import httpx
import msgspec
import pytest

from tests.end_to_end.running_demo import ROOT, RunningDemo
from tests.suites.installed import HERE
from tests.suites.node import Node

SDL = ROOT / "schema" / "schema.graphql"
RELEASED = ROOT / "schema" / "released.graphql"
CONTRACT = ROOT.parent / "shared" / "contract" / "schema.graphql"


@pytest.mark.end_to_end
def test_what_is_served_breaks_nobody_and_fits_our_operations(
    node: Node, running: RunningDemo, tmp_path: Path
) -> None:
    served = tmp_path / "served.graphql"
    served.write_text(httpx.get(f"http://127.0.0.1:{running.port}/schema.graphql").text)
    earlier = [str(path) for path in (RELEASED, CONTRACT) if path.exists()]
    manifest = str(ROOT / "operations" / "manifest.json")
    command = ("node", "schema_tools.mjs", str(SDL), str(served), manifest, *earlier)
    found = msgspec.json.decode(node.run(*command, cwd=HERE), type=dict[str, object])
    texts = msgspec.json.decode(Path(manifest).read_bytes(), type=dict[str, str])
    assert found == {"served": [], "breaking": [], "documents": len(texts), "invalid": []}


def test_the_schema_obeys_the_rules_for_schemas_and_for_relay(node: Node) -> None:
    rules = ("--no-config-lookup", "--config", str(HERE / "eslint.config.mjs"))
    assert node.run("eslint", *rules, "schema/schema.graphql", cwd=ROOT) == ""
