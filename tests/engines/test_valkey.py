"""What the product relies on in Redis, and how the embedded one keeps its data."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from demo import ports
from demo.engines.valkey import Valkey
from tests.engines.commands import Commands, connected, run_id
from tests.engines.private_engine import running

pytestmark = pytest.mark.integration

COMPARE_AND_SET = """
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'fence', ARGV[2], 'likes', ARGV[3])
return 1
"""


@pytest.fixture
async def client(redis_url: str) -> AsyncGenerator[Commands, None]:
    async with connected(redis_url) as commands:
        yield commands


async def test_a_script_compares_and_sets(client: Commands) -> None:
    await client("HSET", "counters", "fence", "7")
    assert await client("EVAL", COMPARE_AND_SET, 1, "counters", "6", "8", "1") == 0
    assert await client("EVAL", COMPARE_AND_SET, 1, "counters", "7", "8", "1") == 1
    assert await client("HGETALL", "counters") == {b"fence": b"8", b"likes": b"1"}


async def test_scores_are_kept_to_the_last_bit(client: Commands) -> None:
    score = 0.1 + 0.2
    await client("ZADD", "pool", score, "a", 2**53 + 1.0, "b")
    assert await client("ZSCORE", "pool", "a") == score
    assert await client("ZSCORE", "pool", "b") == 2.0**53


async def test_equal_scores_are_ordered_by_name(client: Commands) -> None:
    await client("ZADD", "pool", 1, "b", 1, "a", 1, "c")
    assert await client("ZRANGE", "pool", 0, -1, "REV") == [b"c", b"b", b"a"]


async def test_pools_are_trimmed_by_rank(client: Commands) -> None:
    await client("ZADD", "pool", 1, "a", 2, "b", 3, "c")
    assert await client("ZREMRANGEBYRANK", "pool", 0, -3) == 1
    assert await client("ZRANGE", "pool", 0, -1) == [b"b", b"c"]


async def test_a_stream_is_trimmed_and_read_after_an_id(client: Commands) -> None:
    first = await client("XADD", "changes", "*", "post", "a")
    second = await client("XADD", "changes", "MAXLEN", "~", 10, "*", "post", "b")
    assert isinstance(first, bytes)
    assert await client("XRANGE", "changes", b"(" + first, "+") == [(second, {b"post": b"b"})]


async def test_keys_expire(client: Commands) -> None:
    await client("SET", "lease", "me", "PX", 60_000, "NX")
    assert await client("SET", "lease", "you", "PX", 60_000, "NX") is None
    assert await client("PTTL", "lease") in range(1, 60_001)
    await client("PEXPIRE", "lease", 0)
    assert await client("EXISTS", "lease") == 0


async def test_what_was_synced_survives_a_kill(tmp_path: Path) -> None:
    port = ports.random_free((0,), ())
    engine = Valkey(tmp_path)
    url = engine.settings(port)[engine.setting]
    async with running(engine, port) as process:
        async with connected(url) as client:
            await client("HSET", "counters", "fence", "7", "likes", "3")
            await client("ZADD", "pool", 1.5, "a")
            assert await client("WAITAOF", 1, 0, 5_000) == [1, 0]
            first = await run_id(client)
        process.kill()
        await process.wait()
    async with running(engine, port), connected(url) as client:
        assert await client("HGETALL", "counters") == {b"fence": b"7", b"likes": b"3"}
        assert await client("ZSCORE", "pool", "a") == 1.5
        assert await run_id(client) != first  # how consumers notice


async def test_a_torn_end_of_the_file_costs_only_the_last_command(tmp_path: Path) -> None:
    port = ports.random_free((0,), ())
    engine = Valkey(tmp_path)
    url = engine.settings(port)[engine.setting]
    async with running(engine, port), connected(url) as client:
        await client("HSET", "counters", "fence", "1", "likes", "1")
        await client("HSET", "counters", "fence", "2", "likes", "2")
    (log,) = (tmp_path / "valkey" / "appendonlydir").glob("*.incr.aof")
    log.write_bytes(log.read_bytes()[:-5])
    async with running(engine, port), connected(url) as client:
        assert await client("HGETALL", "counters") == {b"fence": b"1", b"likes": b"1"}
