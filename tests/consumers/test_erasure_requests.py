"""However often an erasure is asked for, it is one."""

import asyncio

import pytest

from consumers.handlers.erase import Erase
from domain.events import UserUpdated
from domain.topics import USER_UPDATED
from stores.postgres_erasures import PostgresErasures
from stores.postgres_pool import PostgresPool
from tests.consumers.erasing_world import EVE
from tests.consumers.log import NOON, batch_of
from tests.fakes.erasures import MemoryErasures


async def test_a_deleted_account_is_erased_once() -> None:
    erasures = MemoryErasures()
    handler = Erase(erasures)
    gone = UserUpdated(user_id="eve", handle="e", display_name="E", deleted=True)
    stays = UserUpdated(user_id="ann", handle="a", display_name="A")
    await handler.apply(batch_of(USER_UPDATED.name, stays, gone))
    (held,) = await erasures.under_way(10)
    assert (held.subject, held.requested_at) == ("eve", NOON)
    await erasures.complete(held.id, NOON + 20.0, {})
    await handler.apply(batch_of(USER_UPDATED.name, gone))
    assert await erasures.under_way(10) == []


@pytest.mark.integration
async def test_asked_many_times_at_once_it_is_one_erasure(postgres_of_api: PostgresPool) -> None:
    erasures = PostgresErasures(postgres_of_api)
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(erasures.request(EVE, NOON + n)) for n in range(8)]
    assert len({task.result().id for task in asked}) == 1
    assert len(await erasures.under_way(10)) == 1
