"""The record of one post."""

from domain.posts import PostRecord
from tests.contracts.adapters import Adapters


async def only(adapters: Adapters, post_id: str = "p1") -> PostRecord:
    (record,) = await adapters.posts.get_many([post_id])
    assert record is not None
    return record
