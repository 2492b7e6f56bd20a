"""`python -m server documents add`: what is stored, and what is said when nothing is."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runtime.settings import Settings
from runtime.start import CannotStart
from server.commands import add_documents
from server.manifests import document_id
from tests.server.memory_documents import MemoryDocuments
from tests.server.toy_app import Toy

ECHO, NAME = "query Echo($t: String!) { echo(text: $t) }", "query Name { name }"


class Command:
    """The command on one store; `run` gives what it prints."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "manifest.json"
        self.store = MemoryDocuments()
        self._toy = Toy()

    def run(self, *texts: str, client: str = "web@1") -> str:
        self.file.write_text(json.dumps({document_id(text): text for text in texts}))
        return self.run_as_it_is(client)

    def run_as_it_is(self, client: str = "") -> str:
        settings, trusted = self._toy.resources.settings, self._toy.trusted
        return add_documents(settings, self.file, client, trusted, self._open)

    @asynccontextmanager
    async def _open(self, _settings: Settings) -> AsyncGenerator[MemoryDocuments]:
        yield self.store


def test_new_documents_are_stored_for_their_client(tmp_path: Path) -> None:
    command = Command(tmp_path)
    assert command.run(ECHO) == "1 documents added, 0 were there already"
    assert command.run(ECHO, NAME, client="app@2") == "1 documents added, 1 were there already"
    assert command.store.clients == {document_id(ECHO): "web@1", document_id(NAME): "app@2"}


def test_a_manifest_with_one_wrong_document_stores_nothing(tmp_path: Path) -> None:
    command = Command(tmp_path)
    with pytest.raises(CannotStart, match=r"manifest.json was refused, nothing is stored"):
        command.run(ECHO, "{ nothing }")
    assert command.store.rows == []


def test_what_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    command = Command(tmp_path)
    with pytest.raises(CannotStart, match=r"manifest.json cannot be read: No such file"):
        command.run_as_it_is()
    command.file.write_text("{")
    with pytest.raises(CannotStart, match="not a manifest") as caught:
        command.run_as_it_is()
    assert "\n" not in str(caught.value)
