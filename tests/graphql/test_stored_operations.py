"""The stored operations as the server runs them: within its limits, on compiled plans."""

from pathlib import Path

import pytest

from resolvers.root import create_schema
from server.cost import UNIT
from server.document_source import DocumentSource
from server.executable_schema import ExecutableSchema, PreparedRequest
from tests.graphql.cards import feed_item, page, post_card
from tests.graphql.scripted import Script, built_schema, context, request_context

OPERATIONS = Path(__file__).resolve().parents[2] / "operations"


@pytest.fixture(scope="module")
def executable() -> ExecutableSchema:
    return create_schema(ExecutableSchema)


def test_each_passes_the_limits_and_costs_one_unit(executable: ExecutableSchema) -> None:
    source = DocumentSource(executable)
    costs: dict[str, int] = {}
    for path in OPERATIONS.glob("*.graphql"):
        prepared = source.prepare(path.read_text())
        assert list(prepared.errors) == [], path.name
        (operation,) = prepared.operations
        costs[path.stem] = operation.cost({})
    assert {name: cost for name, cost in costs.items() if cost > UNIT} == {}
    assert costs["Explore"] == 668


async def test_a_page_is_completed_by_one_plan(executable: ExecutableSchema) -> None:
    outcomes: list[str] = []
    executable.plans.on_outcome = outcomes.append
    text = (OPERATIONS / "Explore.graphql").read_text()
    prepared = DocumentSource(executable).prepare(text)
    items = [feed_item(post_card(f"p{number}"), number) for number in range(20)]
    asked = context(request_context(), Script({"explore.page": page(*items)}).use_cases())
    reference = await built_schema().execute(text, context_value=asked)
    results = [
        await executable.run(PreparedRequest(document=prepared, variables={}, context=asked))
        for _ in range(3)
    ]
    assert reference.data is not None
    assert len(reference.data["explore"]["edges"]) == 20
    assert [result.data for result in results] == [reference.data] * 3
    assert outcomes == ["compile", "plan", "plan"]
