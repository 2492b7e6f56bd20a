"""Bad input is defined: what is refused and why, what counts, and from when on."""

import msgspec
import pytest

from consumers.batches import Place, Reason, Record
from consumers.handlers.engagement import Engagement
from consumers.reading import read
from domain.engagement import WORLDWIDE, EngagementState
from domain.topics import ENGAGEMENT_UPDATED, POST_INGESTED
from domain.trending import HALF_LIFE, Window
from stores.event_codec import EventCodec
from tests.contracts.events import ingestion, moderation
from tests.fakes.counters import MemoryCounters
from tests.fakes.pools import MemoryPools
from tests.fakes.posts import MemoryPosts
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.reactions import MemoryReactions

NOW = 1_790_000_000.0
TOPIC = ENGAGEMENT_UPDATED.name
LIST = "trending:DAY:global"


def value(**told: object) -> bytes:
    event = {"postId": "p", "type": "LIKE", "delta": 1, "timestamp": NOW * 1_000}
    return msgspec.json.encode(event | told)


class World:
    def __init__(self) -> None:
        self.posts = MemoryPosts()
        self.counters = MemoryCounters()
        self.pools = MemoryPools()
        self.handler = Engagement(
            self.counters,
            MemoryReactions(),
            self.posts,
            self.pools,
            MemoryPublisher(),
        )
        self._offset = 0

    async def read(self, *values: bytes | None) -> list[Reason]:
        """Apply records; why some of them became dead letters."""
        await self.handler.open([0])
        records = [
            Record(Place(TOPIC, 0), at, at, round(NOW * 1_000), 0, b"p", one)
            for at, one in enumerate(values, self._offset)
        ]
        self._offset += len(records)
        batch, dead = read(records, EventCodec(), self.handler, NOW)
        await self.handler.apply(batch)
        return [letter.reason for letter in dead]

    async def state(self) -> EngagementState:
        return (await self.counters.load({0: ["p"]})).get("p", EngagementState())

    async def publish(self, *, deleted: bool = False) -> None:
        await self.posts.ingest([ingestion("p", 2.0 if deleted else 1.0, deleted=deleted)])
        await self.posts.moderate([moderation("p", spam_score=0.1)])

    def listed(self) -> list[str]:
        return list(self.pools.members.get(LIST, {}))


@pytest.mark.parametrize(
    "bad",
    [
        None,
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        value(type="BOO"),
        value(delta="1"),
        value(delta=1.5),
        value(postId="x" * 65),
        value(postId=""),
        value(postId="a b"),
        value(userId="x" * 65),
        value(timestamp="yesterday"),
        value(timestamp="2026-01-01T00:00:00"),
        value(timestamp=None),
        value(eventId="x" * 1_001),
        b'{"type":"LIKE","delta":1,"timestamp":1}',
    ],
)
async def test_what_cannot_be_read_is_unreadable(bad: bytes | None) -> None:
    world = World()
    assert await world.read(bad, value()) == [Reason.UNREADABLE]
    assert (await world.state()).likes == 1


@pytest.mark.parametrize(
    "bad",
    [
        value(delta=2, userId="u"),
        value(delta=0, userId="u"),
        value(delta=10**12 + 1),
        value(delta=-(10**12) - 1),
    ],
)
async def test_deltas_out_of_range_are_rejected(bad: bytes) -> None:
    world = World()
    assert await world.read(bad, value()) == [Reason.REJECTED]
    assert (await world.state()).likes == 1


async def test_of_a_key_that_comes_twice_the_last_holds_and_others_are_ignored() -> None:
    world = World()
    twice = value().replace(b'"delta":1', b'"delta":7,"delta":2,"more":{"delta":9}')
    assert await world.read(twice) == []
    assert (await world.state()).likes == 2


@pytest.mark.parametrize(
    ("time", "at"),
    [((NOW + 1e6) * 1_000, NOW), (1e17, NOW), (-5e12, 0.0), ((NOW - 60) * 1_000, NOW - 60)],
)
async def test_the_future_counts_as_now_and_the_past_as_itself(time: float, at: float) -> None:
    world = World()
    assert await world.read(value(timestamp=time)) == []
    assert (await world.state()).at == at


async def test_an_event_of_the_past_lands_in_the_pasts_weight() -> None:
    world = World()
    half_life = HALF_LIFE[Window.HOUR]
    await world.read(value(), value(timestamp=(NOW - half_life) * 1_000))
    state = await world.state()
    assert (state.likes, state.sums[WORLDWIDE][0]) == (2, 1.5)


async def test_events_before_their_post_count_and_bring_it_into_lists_when_it_comes() -> None:
    world = World()
    await world.read(*[value(userId=f"u{number}") for number in range(3)])
    assert ((await world.state()).likes, world.listed()) == (3, [])
    await world.publish()
    await world.read(value(type="VIEW", delta=0))
    assert ((await world.state()).likes, world.listed()) == (3, ["p"])


async def test_events_of_a_deleted_post_count_and_bring_it_nowhere() -> None:
    world = World()
    await world.publish()
    await world.read(*[value(userId=f"u{number}") for number in range(3)])
    assert world.listed() == ["p"]
    await world.publish(deleted=True)
    assert await world.read(value(userId="u9")) == []
    assert ((await world.state()).likes, world.listed()) == (4, [])


async def test_taking_back_lowers_the_region_that_was_raised() -> None:
    world = World()
    await world.read(value(userId="u", region="DE"), value(userId="u", region="US", delta=-1))
    assert (await world.state()).sums == {WORLDWIDE: [0.0] * 3, "DE": [0.0] * 3}


def test_ten_megabytes_are_read_or_refused_like_anything_else() -> None:
    codec, place = EventCodec(), Place(POST_INGESTED.name, 0)
    told = {"postId": "p", "authorId": "a", "content": "", "createdAt": NOW * 1_000}
    large = msgspec.json.encode(told | {"unknown": "x" * 10_000_000})
    refused = msgspec.json.encode(told | {"content": "x" * 10_000_000})
    records = [Record(place, at, at, 0, 0, b"p", one) for at, one in enumerate((large, refused))]
    batch, dead = read(records, codec, World().handler, NOW)
    assert [one.sequence for one in batch.received] == [0]
    assert [(letter.record.value, letter.reason) for letter in dead] == [
        (refused, Reason.UNREADABLE)
    ]
