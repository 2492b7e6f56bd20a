"""Stored operations in PostgreSQL: served while a published app version uses them."""

import asyncio

import pytest

from domain.documents import ClientState
from stores.postgres_documents import PostgresDocuments
from stores.postgres_pool import PostgresPool

pytestmark = pytest.mark.integration

A, B, C = {"sha256:a": "{a}"}, {"sha256:b": "{b}"}, {"sha256:c": "{c}"}


async def test_what_is_added_is_served_and_the_revision_tells(
    postgres_of_api: PostgresPool,
) -> None:
    documents = PostgresDocuments(postgres_of_api)
    before = await documents.revision()
    assert await documents.add(A | B, client="web@1") == 2
    assert await documents.add(B | C, client="") == 1
    assert await documents.served() == {"sha256:a", "sha256:b", "sha256:c"}
    assert await documents.texts(["sha256:c", "sha256:x"]) == C
    assert await documents.revision() == before + 2


async def test_adding_what_stands_changes_nothing(postgres_of_api: PostgresPool) -> None:
    documents = PostgresDocuments(postgres_of_api)
    await documents.add(A | B, client="web@1")
    before = await documents.revision()
    assert await documents.add(B, client="web@1") == 0
    assert await documents.revision() == before
    assert [one.documents for one in await documents.clients()] == [2]


async def test_a_document_goes_with_the_last_published_version_that_uses_it(
    postgres_of_api: PostgresPool,
) -> None:
    documents = PostgresDocuments(postgres_of_api)
    await documents.add(A, client="web@1")
    await documents.add(A | B, client="web@2", publish=False)
    assert await documents.served() == {"sha256:a"}
    assert await documents.set_state("web@2", ClientState.PUBLISHED) is True
    assert await documents.set_state("web@1", ClientState.RETIRED) is True
    assert await documents.served() == {"sha256:a", "sha256:b"}
    assert await documents.set_state("web@2", ClientState.RETIRED) is True
    assert await documents.served() == set()
    assert await documents.set_state("web@3", ClientState.RETIRED) is False
    assert [(one.name, one.state, one.documents) for one in await documents.clients()] == [
        ("web@1", ClientState.RETIRED, 1),
        ("web@2", ClientState.RETIRED, 2),
    ]


async def test_adding_publishes_again_what_was_retired_and_a_draft_does_not(
    postgres_of_api: PostgresPool,
) -> None:
    documents = PostgresDocuments(postgres_of_api)
    await documents.add(A, client="web@1")
    await documents.set_state("web@1", ClientState.RETIRED)
    await documents.add(B, client="web@1", publish=False)
    assert await documents.served() == set()
    await documents.add(A, client="web@1")
    assert await documents.served() == {"sha256:a", "sha256:b"}


async def test_changes_wait_for_each_other_so_that_no_revision_hides_one(
    postgres_of_api: PostgresPool,
) -> None:
    documents = PostgresDocuments(postgres_of_api)
    before = await documents.revision()
    async with asyncio.TaskGroup() as group:
        for number in range(8):
            text = {f"sha256:{number}": f"{{n{number}}}"}
            group.create_task(documents.add(text, client=f"web@{number}"))
    assert await documents.revision() == before + 8
    assert len(await documents.served()) == 8
