"""Ports ``PostRecordCache`` and ``CreatorRecordCache``."""

from msgspec.structs import replace

from domain.creators import CreatorRecord
from domain.posts import PostRecord
from tests.contracts.events import ingestion
from tests.contracts.redis_ports import RedisPorts


async def known(ports: RedisPorts, post_id: str) -> PostRecord:
    await ports.posts.ingest([ingestion(post_id, tags=["Cats"], categories={"pets": 0.9})])
    (record,) = await ports.posts.get_many([post_id])
    assert record is not None
    return record


async def test_what_is_not_cached_comes_from_the_projection(ports: RedisPorts) -> None:
    record = await known(ports, "a")
    assert await ports.post_records.held(["a"]) == [None]
    assert await ports.post_records.get_many(["x", "a", "a"]) == [None, record, record]
    assert await ports.post_records.held(["a", "x"]) == [record, None]
    assert await ports.post_records.get_many([]) == []


async def test_an_older_record_never_replaces_a_newer_one(ports: RedisPorts) -> None:
    record = await known(ports, "a")
    newer = replace(record, revision=2**52 + 1, text="newer")
    older = replace(record, revision=2**52, text="older")
    for one in (older, newer, older):
        await ports.post_records.put_many([one])
    assert await ports.post_records.held(["a"]) == [newer]
    again = replace(newer, text="the same revision, told again")
    await ports.post_records.put_many([again])
    assert await ports.post_records.held(["a"]) == [again]


async def test_what_is_removed_is_asked_for_again(ports: RedisPorts) -> None:
    record = await known(ports, "a")
    await ports.post_records.put_many([replace(record, revision=99)])
    await ports.post_records.remove(["a", "unknown"])
    assert await ports.post_records.get_many(["a"]) == [record]


async def test_many_records_are_kept_in_one_go(ports: RedisPorts) -> None:
    record = await known(ports, "a")
    records = [replace(record, id=f"p{number}") for number in range(450)]
    await ports.post_records.put_many(records)
    assert await ports.post_records.get_many([one.id for one in records]) == records


async def test_what_is_owed_stays_noted_until_it_is_settled(ports: RedisPorts) -> None:
    records = ports.post_records
    await records.owe(["a", "b"])
    await records.owe(["a"])
    await records.owe([])
    assert await records.owed(["a", "b", "c", "a"]) == [True, True, False, True]
    await records.settle(["a", "c"])
    await records.settle([])
    assert await records.owed(["a", "b"]) == [False, True]
    assert await records.owed([]) == []


async def test_creators_are_kept_the_same_way(ports: RedisPorts) -> None:
    await known(ports, "a")
    (stub,) = await ports.creator_records.get_many(["ann"])
    assert stub is not None
    assert stub.handle == "ann"
    newer = CreatorRecord(id="ann", revision=5, handle="Ann", display_name="Ann A.")
    await ports.creator_records.put_many([newer])
    await ports.creator_records.put_many([replace(newer, revision=4, handle="old")])
    assert await ports.creator_records.get_many(["nobody", "ann"]) == [None, newer]
    assert await ports.creator_records.by_handle("ANN") == stub
