"""`python -m server documents`: what is stored, and what is said when nothing is."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from domain.documents import ClientState
from runtime.start import CannotStart
from server.document_commands import DocumentCommands
from server.manifests import document_id
from tests.server.memory_documents import MemoryDocuments
from tests.server.toy_app import Toy

ECHO, NAME = "query Echo($t: String!) { echo(text: $t) }", "query Name { name }"
CARD = "edges { node { tags { handle } creator { handle } } }"
DEAR = (
    "query Dear { " + " ".join(f"a{n}: explore(first: 100) {{ {CARD} }}" for n in range(9)) + " }"
)
SIZED = DEAR.replace("first: 100", "first: $n").replace("Dear", "Dear($n: Int!)")


class Commands:
    """The commands on one store; `add` gives what it prints."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "manifest.json"
        self.store = MemoryDocuments()
        self.toy = Toy()
        self.commands = DocumentCommands(self.toy.trusted, self._open)

    async def add(self, *texts: str, client: str = "web@1", publish: bool = True) -> str:
        self.file.write_text(json.dumps({document_id(text): text for text in texts}))
        return await self.commands.add(self.file, client, publish=publish)

    async def served(self) -> set[str]:
        """What a running server serves after its next look."""
        await self.toy.trusted.follow(self.store)
        return {name for name in self.store.stored if self.toy.trusted.get(name)}

    @asynccontextmanager
    async def _open(self) -> AsyncGenerator[MemoryDocuments]:
        yield self.store


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


async def test_new_documents_are_stored_for_their_app_version(commands: Commands) -> None:
    assert await commands.add(ECHO) == "1 documents added, 0 were there already"
    assert await commands.add(ECHO, NAME, client="app@2") == (
        "1 documents added, 1 were there already"
    )
    assert commands.store.uses == {
        "web@1": {document_id(ECHO)},
        "app@2": {document_id(ECHO), document_id(NAME)},
    }


async def test_a_document_is_served_while_a_published_version_uses_it(commands: Commands) -> None:
    echo, name = document_id(ECHO), document_id(NAME)
    await commands.add(ECHO, client="web@1")
    await commands.add(ECHO, NAME, client="web@2", publish=False)
    assert await commands.served() == {echo}
    said = await commands.commands.set_state("web@2", ClientState.PUBLISHED)
    assert said == "web@2 is published; servers follow within 5 s"
    assert await commands.served() == {echo, name}
    await commands.commands.set_state("web@1", ClientState.RETIRED)
    assert await commands.served() == {echo, name}
    await commands.commands.set_state("web@2", ClientState.RETIRED)
    assert await commands.served() == set()
    await commands.commands.set_state("web@1", ClientState.PUBLISHED)
    assert await commands.served() == {echo}


async def test_the_list_names_each_version(commands: Commands) -> None:
    await commands.add(ECHO, NAME, client="")
    await commands.add(ECHO, client="web@1", publish=False)
    lines = (await commands.commands.list()).splitlines()
    assert [line.split() for line in lines] == [
        ["(no", "client)", "published", "2", "documents", "1970-01-01T00:00:00Z"],
        ["web@1", "created", "1", "documents", "1970-01-01T00:00:00Z"],
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{ nothing }", "Cannot query field 'nothing' on type 'Query'."),
        ("{ name", "Syntax Error: Expected Name, found <EOF>."),
        ("query A { name } query B { name }", "2 operations, not one"),
        ("{ name @skip(if: false) @nothing }", "Unknown directive '@nothing'."),
        (DEAR, "points, at most 5000"),
    ],
)
async def test_a_manifest_with_one_wrong_document_stores_nothing(
    commands: Commands, text: str, reason: str
) -> None:
    with pytest.raises(CannotStart, match=r"manifest.json was refused, nothing is stored") as told:
        await commands.add(ECHO, text)
    assert f"{document_id(text)}: " in str(told.value)
    assert reason in str(told.value)
    assert commands.store.stored == {}


async def test_a_document_is_priced_by_its_least_pages(commands: Commands) -> None:
    assert await commands.add(SIZED) == "1 documents added, 0 were there already"


@pytest.mark.parametrize("client", ["web", "@1", "web@", "we b@1", "web@1@2", "w" * 101 + "@1"])
async def test_an_app_version_has_a_name_and_a_version(commands: Commands, client: str) -> None:
    with pytest.raises(CannotStart, match="give NAME@VERSION"):
        await commands.add(ECHO, client=client)
    with pytest.raises(CannotStart, match="give NAME@VERSION"):
        await commands.commands.set_state(client, ClientState.RETIRED)
    assert commands.store.stored == {}


async def test_an_unknown_version_cannot_be_published(commands: Commands) -> None:
    with pytest.raises(CannotStart, match="no documents were added for web@7"):
        await commands.commands.set_state("web@7", ClientState.PUBLISHED)


async def test_what_cannot_be_read_is_told_in_one_line(commands: Commands) -> None:
    with pytest.raises(CannotStart, match=r"manifest.json cannot be read: No such file"):
        await commands.commands.add(commands.file, "", publish=True)
    commands.file.write_text("{")
    with pytest.raises(CannotStart, match="not a manifest") as caught:
        await commands.commands.add(commands.file, "", publish=True)
    assert "\n" not in str(caught.value)
