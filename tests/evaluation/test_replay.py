"""``python -m evaluation replay`` on a real Redis: what was served, or one clear line."""

import asyncio
from uuid import uuid4

import pytest

from evaluation.__main__ import main
from runtime.start import CannotStart
from stores import keys
from stores.redis_client import RedisClient
from stores.redis_records import RedisPostRecords
from stores.redis_viewers import RedisViewers
from tests.services.explore_pages import fill, ids, page
from tests.services.world import World


@pytest.mark.integration
async def test_a_served_page_comes_out_again_until_its_session_is_over(
    redis: RedisClient,
    redis_url: str,
    migrated_database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("EXPLORE_REDIS_URL", redis_url)
    monkeypatch.setenv("EXPLORE_POSTGRES_DSN", migrated_database)
    world, request = World(), uuid4().hex
    world.restart(RedisViewers(redis))
    await fill(world)
    served = ids(await page(world, "me", request=request))
    await RedisPostRecords(redis, world.posts).put_many(world.posts.records)

    assert await asyncio.to_thread(main, ["replay", request]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("explore, explore@")
    assert [line.split()[1] for line in lines[1:-1]] == served
    assert lines[-1] == (
        "Posts and order equal what was served; scores equal what was served to the last bit."
    )

    (session,) = await RedisViewers(redis).sessions_of(request)
    (life,) = await redis.run([("TTL", keys.replay(request))])
    assert life == keys.SESSION_LIFE
    await redis.run([("DEL", keys.session(session))])
    with pytest.raises(CannotStart, match=f"Nothing is held of request {request}"):
        await asyncio.to_thread(main, ["replay", request])
    await world.background.close()
