"""The composition root: which consumers there are, what they read and what they are made of."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from secrets import token_hex
from typing import Final

from consumers.alone import Alone
from consumers.asked_stores import OPENSEARCH, POSTGRESQL
from consumers.blocks import Blocks
from consumers.case_upkeep import CaseUpkeep
from consumers.checkpointing import CheckpointedCounters
from consumers.classify_wiring import classify
from consumers.creator_changes import CreatorChanges
from consumers.creator_counts import CreatorCounts
from consumers.erasure_wiring import erase, forgetful
from consumers.handlers.engagement import Engagement
from consumers.handlers.hashtags import HashtagUses
from consumers.handlers.index import Index
from consumers.handlers.interests import Interests, ViewerStores
from consumers.handlers.moderation import Moderation
from consumers.handlers.posts import Posts
from consumers.hashtag_lists import ROUND, HashtagLists
from consumers.materializing import FreshLists, Materializing
from consumers.periodic import Periodic
from consumers.post_changes import PostChanges
from consumers.profile_checkpoints import CheckpointedProfiles
from consumers.profiles import ViewerProfiles
from consumers.registry import Built, Consumer
from consumers.resources import Resources
from consumers.retention import Retention
from consumers.rising_creators import RisingCreators
from consumers.similar import creators_followed_together, similar_posts
from domain.topics import (
    ENGAGEMENT_UPDATED,
    MODERATION_RESULT,
    POST_INGESTED,
    USER_BLOCKED,
    USER_FOLLOWED,
    USER_INTERACTION,
    USER_UPDATED,
)
from stores import keys
from stores.opensearch_index import OpenSearchIndex
from stores.postgres_checkpoints import PostgresCheckpoints
from stores.postgres_follows import PostgresFollows
from stores.postgres_hashtags import PostgresHashtags
from stores.postgres_interactions import PostgresInteractions
from stores.postgres_moderation_upkeep import PostgresModerationUpkeep
from stores.postgres_outbox import PostgresOutbox
from stores.postgres_profile_fences import PostgresProfileFences
from stores.postgres_profiles import PostgresProfiles
from stores.postgres_reactions import PostgresReactions
from stores.postgres_snapshots import PostgresSnapshots
from stores.postgres_viewer_states import PostgresViewerStates
from stores.redis_checkpoints import RedisCheckpoints
from stores.redis_counters import RedisCounters
from stores.redis_leases import RedisLeases
from stores.redis_profile_fences import RedisProfileFences
from stores.redis_profiles import RedisProfiles, RedisSeen
from stores.redis_viewers import RedisViewers
from stores.static_lists import StaticListFile

OUTBOX_BATCH: Final = 100
MINUTE: Final = 60.0


def consumers() -> tuple[Consumer, ...]:
    return (
        Consumer(
            "posts",
            (POST_INGESTED, USER_UPDATED, USER_FOLLOWED, USER_BLOCKED),
            _posts,
            buries=(POST_INGESTED, USER_UPDATED),
        ),
        Consumer("classify", (POST_INGESTED,), classify),
        Consumer("moderation", (MODERATION_RESULT,), _moderation, buries=(MODERATION_RESULT,)),
        Consumer("engagement", (ENGAGEMENT_UPDATED,), _engagement, buries=(ENGAGEMENT_UPDATED,)),
        Consumer(
            "interests",
            (USER_INTERACTION, USER_FOLLOWED, USER_BLOCKED),
            _interests,
            buries=(USER_INTERACTION, USER_FOLLOWED, USER_BLOCKED),
        ),
        Consumer("index", (POST_INGESTED, MODERATION_RESULT, USER_UPDATED), _index),
        Consumer("hashtags", (POST_INGESTED, ENGAGEMENT_UPDATED), _hashtags),
        Consumer("erase", (USER_UPDATED,), erase),
        Consumer("materialize", (), _materialize),
    )


def _post_changes(resources: Resources, creators: CreatorCounts) -> PostChanges:
    return PostChanges(
        projection=resources.posts,
        cache=resources.post_records,
        lists=resources.pool_writer,
        publisher=resources.events,
        creators=creators,
        clock=resources.clock,
    )


def _creator_changes(resources: Resources) -> CreatorChanges:
    return CreatorChanges(resources.creators, resources.creator_records, resources.pool_writer)


def _posts(resources: Resources) -> Built:
    creators = _creator_changes(resources)
    counts = CreatorCounts(creators)
    posts = Posts(
        resources.posts,
        _post_changes(resources, counts),
        creators,
        PostgresFollows(resources.postgres),
    )
    return Built(forgetful(resources, posts), periodic=[counts.periodic], finish=counts.periodic)


def _moderation(resources: Resources) -> Built:
    outbox = PostgresOutbox(resources.postgres)

    async def relay() -> None:
        await outbox.relay(resources.events.publish, limit=OUTBOX_BATCH)

    async def watch() -> None:
        resources.metrics.outbox_lag_seconds.set(await outbox.lag())

    upkeep = CaseUpkeep(PostgresModerationUpkeep(resources.postgres), resources.clock)
    alone = _alone(resources)
    counts = CreatorCounts(_creator_changes(resources))
    handler = Moderation(resources.posts, _post_changes(resources, counts))
    return Built(
        handler,
        periodic=[
            counts.periodic,
            Periodic("outbox.relay", 0.1, relay),
            Periodic("outbox.watch", 5.0, watch),
            Periodic("cases.rise", 10.0, alone.doing("cases.rise", 10.0, upkeep.mark_rising)),
            Periodic("cases.end", MINUTE, alone.doing("cases.end", MINUTE, upkeep.end)),
        ],
        finish=counts.periodic,
    )


def _engagement(resources: Resources) -> Built:
    counters = CheckpointedCounters(
        RedisCounters(resources.redis),
        RedisCounters(resources.redis, keys.prepared_counters),
        RedisCheckpoints(resources.redis),
        PostgresCheckpoints(resources.postgres),
        resources.clock,
    )
    engagement = Engagement(
        counters=counters,
        reactions=PostgresReactions(resources.postgres),
        records=resources.post_records,
        pools=resources.pool_writer,
        publisher=resources.events,
    )
    return Built(
        forgetful(resources, engagement),
        fences=engagement,
        periodic=[Periodic("counters.keep", 2.0, counters.keep_due)],
        finish=Periodic("counters.keep", 2.0, counters.keep_all),
    )


def _interests(resources: Resources) -> Built:
    live_states = RedisViewers(resources.redis)
    interactions = PostgresInteractions(resources.postgres)
    live = CheckpointedProfiles(
        RedisProfiles(resources.redis),
        RedisProfileFences(resources.redis),
        PostgresProfileFences(resources.postgres),
        interactions,
    )
    profiles = ViewerProfiles(live, PostgresProfiles(resources.postgres))
    stores = ViewerStores(
        profiles=profiles,
        states=live_states,
        seen=RedisSeen(resources.redis),
        interactions=interactions,
    )
    follows = PostgresFollows(resources.postgres)
    interests = Interests(
        stores,
        resources.post_records,
        resources.events,
        follows,
        Blocks(follows, live_states, PostgresViewerStates(resources.postgres)),
    )

    async def make_durable() -> None:
        await live.keep_behind(profiles.make_durable)

    keep = Periodic("profiles.keep", 10.0, make_durable)
    return Built(forgetful(resources, interests), fences=interests, periodic=[keep], finish=keep)


def _index(resources: Resources) -> Built:
    capacity = resources.settings.search_capacity or None
    documents = OpenSearchIndex(resources.opensearch, capacity=capacity)
    index = Index(
        documents,
        resources.posts,
        resources.creators,
        PostgresHashtags(resources.postgres),
        resources.progress,
        capacity,
    )

    async def restore() -> None:
        await documents.ensure()
        await index.fill_if_empty()

    return Built(
        index,
        stores=(OPENSEARCH, POSTGRESQL),
        periodic=[Periodic("index.restore", MINUTE, restore)],
    )


def _hashtags(resources: Resources) -> Built:
    hashtags = PostgresHashtags(resources.postgres)
    lists = HashtagLists(
        hashtags, resources.pools, resources.pool_writer, resources.events, resources.clock
    )
    count = _alone(resources).doing("hashtags", ROUND, lists.count_next)
    return Built(
        forgetful(resources, HashtagUses(hashtags, resources.post_records)),
        periodic=[Periodic("hashtags.count", ROUND, count)],
    )


def _materialize(resources: Resources) -> Built:
    materializing = Materializing(
        resources.pools,
        resources.post_records,
        PostgresSnapshots(resources.postgres),
        StaticListFile(Path(resources.settings.static_lists)),
        resources.clock,
    )
    creators = RisingCreators(
        resources.pools,
        resources.pool_writer,
        resources.post_records,
        _creator_changes(resources),
        resources.clock,
    )
    fresh = FreshLists(resources.pools, resources.pool_writer, resources.posts)
    snapshots = PostgresSnapshots(resources.postgres)

    async def watch() -> None:
        if (newest := await snapshots.newest()) is not None:
            resources.metrics.snapshot_age_seconds.set(resources.clock.now() - newest)

    retention = Retention(
        PostgresInteractions(resources.postgres),
        PostgresHashtags(resources.postgres),
        resources.clock,
    )
    similar = similar_posts(
        PostgresInteractions(resources.postgres), resources.pool_writer, resources.clock
    )
    together = creators_followed_together(
        PostgresFollows(resources.postgres), resources.pool_writer
    )
    alone = _alone(resources)

    def single(name: str, seconds: float, work: Callable[[], Awaitable[object]]) -> Periodic:
        return Periodic(name, seconds, alone.doing(name, seconds, work))

    return Built(
        None,
        periodic=[
            single("creators.derive", 5.0, creators.derive),
            single("similar.derive", 20.0, similar.derive),
            single("creators.relate", 20.0, together.derive),
            single("snapshots.write", MINUTE, materializing.snapshot),
            Periodic("snapshots.watch", 5.0, watch),
            single("fresh.fill", 10.0, fresh.fill_if_empty),
            single("retention.keep", 60 * MINUTE, retention.keep),
            # A file is for the processes of one machine: each materializer writes its own.
            Periodic("static.write", 5.0, materializing.write_static),
        ],
    )


def _alone(resources: Resources) -> Alone:
    return Alone(RedisLeases(resources.redis), token_hex(8))
