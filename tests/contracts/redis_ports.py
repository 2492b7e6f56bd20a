"""What the suites of Redis' ports run on: all of them over one world, in memory or in Redis."""

from dataclasses import dataclass

from domain.ports.counters import Counters
from domain.ports.creators import CreatorRecordCache
from domain.ports.pools import Pools, PoolWriter
from domain.ports.posts import PostRecordCache
from domain.ports.profiles import LearnedProfiles
from domain.ports.seen_filters import SeenFilters
from domain.ports.viewer_states import LiveStates
from domain.ports.viewers import Viewers
from stores.redis_client import RedisClient
from stores.redis_counters import RedisCounters
from stores.redis_pools import RedisPools, RedisPoolWriter
from stores.redis_profiles import RedisProfiles, RedisSeen
from stores.redis_records import RedisCreatorRecords, RedisPostRecords
from stores.redis_viewers import RedisViewers
from tests.fakes.clock import FixedClock
from tests.fakes.counters import MemoryCounters
from tests.fakes.creators import MemoryCreators
from tests.fakes.pools import MemoryPools
from tests.fakes.posts import MemoryPosts
from tests.fakes.records import MemoryCreatorRecords, MemoryPostRecords
from tests.fakes.viewers import MemoryLearnedProfiles, MemorySeen, MemoryViewers


@dataclass(frozen=True, slots=True)
class RedisPorts:
    posts: MemoryPosts
    pools: Pools
    pool_writer: PoolWriter
    counters: Counters
    post_records: PostRecordCache
    creator_records: CreatorRecordCache
    viewers: Viewers
    states: LiveStates
    profiles: LearnedProfiles
    seen: SeenFilters


def in_memory() -> RedisPorts:
    posts, pools = MemoryPosts(), MemoryPools()
    viewers = MemoryViewers(FixedClock())
    return RedisPorts(
        posts=posts,
        pools=pools,
        pool_writer=pools,
        counters=MemoryCounters(),
        post_records=MemoryPostRecords(posts),
        creator_records=MemoryCreatorRecords(MemoryCreators(posts)),
        viewers=viewers,
        states=viewers,
        profiles=MemoryLearnedProfiles(),
        seen=MemorySeen(),
    )


def in_redis(redis: RedisClient) -> RedisPorts:
    posts = MemoryPosts()
    viewers = RedisViewers(redis)
    return RedisPorts(
        posts=posts,
        pools=RedisPools(redis),
        pool_writer=RedisPoolWriter(redis),
        counters=RedisCounters(redis),
        post_records=RedisPostRecords(redis, posts),
        creator_records=RedisCreatorRecords(redis, MemoryCreators(posts)),
        viewers=viewers,
        states=viewers,
        profiles=RedisProfiles(redis),
        seen=RedisSeen(redis),
    )
