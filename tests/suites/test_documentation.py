"""Every operation in `docs/using-the-api.md` runs on the demo."""

import re
from typing import Final

import msgspec
import pytest

from tests.end_to_end.running_demo import ROOT, RunningDemo
from tests.end_to_end.tree import Tree
from tests.suites.stranger import Stranger

pytestmark = pytest.mark.end_to_end

PAGE: Final = (ROOT / "docs" / "using-the-api.md").read_text()
OPERATIONS: Final = {
    text.split()[1].partition("(")[0]: text
    for text in re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)
}
COMMANDS: Final = re.findall(r"-d '(\{.*?\})'\n", PAGE)


def test_the_page_has_operations() -> None:
    assert list(OPERATIONS) == [
        "Explore",
        "Trending",
        "Live",
        "Like",
        "Seen",
        "Less",
        "Find",
        "Left",
    ]
    assert len(COMMANDS) == 2


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name != "Live"])
def test_an_operation_of_the_page(name: str, running: RunningDemo) -> None:
    token = running.token(f"documentation-{name}")
    served = running.ask(OPERATIONS["Explore"], token=token)["explore"]["edges"][0]
    given = {"post": served["node"]["id"].text, "token": served["impressionToken"].text}
    wanted = {key: value for key, value in given.items() if f"${key}:" in OPERATIONS[name]}
    data = running.ask(OPERATIONS[name], wanted, token)
    assert data.plain
    assert b'"userErrors":[{' not in msgspec.json.encode(data.plain)


def test_the_live_list(running: RunningDemo) -> None:
    with running.client.stream(
        "POST",
        "/graphql",
        json={"query": OPERATIONS["Live"]},
        headers={"accept": "text/event-stream"},
        timeout=60.0,
    ) as answer:
        first = next(line for line in answer.iter_lines() if line.startswith("data: {"))
    update = Tree(msgspec.json.decode(first.removeprefix("data: ")))["data"]["trendingUpdates"]
    assert update["reset"].plain is True
    assert len(update["entered"]) == 20


@pytest.mark.parametrize("body", COMMANDS)
def test_a_command_of_the_page(body: str, running: RunningDemo) -> None:
    reader = Stranger(
        f"http://127.0.0.1:{running.port}", authorization=f"Bearer {running.token('me')}"
    )
    assert reader.post(body.encode()).json().keys() == {"data"}
