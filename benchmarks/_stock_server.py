"""The control of ``http_page``: the page in Strawberry as its documentation shows it.

Types with fields resolved by data loaders, redis-py with its defaults, PyJWT for the token, the
stock ASGI view, the text of the operation with each request. It orders a pool by its scores and
leaves out what the viewer saw; it ranks nothing else, so it does less than what it stands against.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jwt
import msgspec
import numpy as np
import strawberry
import uvicorn
from redis.asyncio import Redis
from starlette.requests import Request
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from typing_extensions import override

from domain import pools, seen
from domain.creators import CreatorRecord
from domain.engagement import EngagementState
from domain.identifiers import Kind, encode_global_id
from domain.posts import PostRecord
from domain.topics import ENGAGEMENT_UPDATED
from domain.trending import Window
from stores import keys
from stores.partitions import partitions_of
from stores.revisions import unframed

MEMBERS = 500
PAGE = """query Explore($first: Int = 20) { explore(first: $first) {
  edges { cursor position source impressionToken why { reasons { code message } } node {
    id title text url language createdAt
    creator { id handle displayName avatarUrl isFollowedByViewer }
    categories { confidence category { id slug name } } hashtags { id name }
    media { url kind width height alt } stats { likes comments reposts views }
    interstitial { reason message } viewerState { hasLiked hasSaved hasSeen } } }
  pageInfo { hasNextPage endCursor }
  feed { requestId freshness degradedSources generatedAt newPosts } } }"""


class Loaders:
    """One request's."""

    def __init__(self, redis: "Redis", viewer: str) -> None:
        self.redis = redis
        self.viewer = viewer
        self.post = DataLoader(load_fn=self._posts)
        self.creator = DataLoader(load_fn=self._creators)
        self.stats = DataLoader(load_fn=self._stats)
        self.state = DataLoader(load_fn=self._states)

    async def _posts(self, ids: list[str]) -> list[PostRecord]:
        values: Any = await self.redis.mget([keys.post(one) for one in ids])
        return [msgspec.msgpack.decode(unframed(value), type=PostRecord) for value in values]

    async def _creators(self, ids: list[str]) -> list[CreatorRecord | None]:
        values: Any = await self.redis.mget([keys.creator(one) for one in ids])
        decode = msgspec.msgpack.Decoder(CreatorRecord).decode
        return [decode(unframed(value)) if value else None for value in values]

    async def _stats(self, ids: list[str]) -> list[EngagementState]:
        count: Any = await self.redis.hget(keys.LOG_PARTITIONS, ENGAGEMENT_UPDATED.name)
        places = partitions_of([one.encode() for one in ids], int(count))
        pipeline = self.redis.pipeline(transaction=False)
        for one, place in zip(ids, places, strict=True):
            pipeline.hget(keys.counters(place), one)
        decode = msgspec.msgpack.Decoder(EngagementState).decode
        found: Any = await pipeline.execute()
        return [decode(value) if value else EngagementState() for value in found]

    async def _states(self, ids: list[str]) -> list[bool]:
        packed: Any = await self.redis.get(keys.seen(self.viewer))
        digests = np.array([seen.digest_words(one) for one in ids], dtype=np.uint16)
        return seen.check(packed or b"", digests, time.time()).tolist()


Info = strawberry.Info[Loaders, None]


@strawberry.type
class Creator:
    id: strawberry.ID
    handle: str
    display_name: str
    avatar_url: str | None
    is_followed_by_viewer: bool


@strawberry.type
class Category:
    id: strawberry.ID
    slug: str
    name: str


@strawberry.type
class PostCategory:
    confidence: float
    category: Category


@strawberry.type
class Hashtag:
    id: strawberry.ID
    name: str


@strawberry.type
class Media:
    url: str
    kind: str
    width: int | None
    height: int | None
    alt: str | None


@strawberry.type
class Stats:
    likes: int
    comments: int
    reposts: int
    views: int


@strawberry.type
class Interstitial:
    reason: str
    message: str


@strawberry.type
class ViewerState:
    has_liked: bool
    has_saved: bool
    has_seen: bool


@strawberry.type
class Post:
    record: strawberry.Private[PostRecord]
    title: str | None
    text: str
    url: str | None
    language: str | None
    created_at: float
    interstitial: Interstitial | None = None

    @strawberry.field
    def id(self) -> strawberry.ID:
        return strawberry.ID(encode_global_id(Kind.POST, self.record.id))

    @strawberry.field
    async def creator(self, info: Info) -> Creator:
        author = self.record.author_id
        found = await info.context.creator.load(author)
        return Creator(
            id=strawberry.ID(encode_global_id(Kind.CREATOR, author)),
            handle=found.handle if found else author,
            display_name=found.display_name if found else author,
            avatar_url=found.avatar_url if found else None,
            is_followed_by_viewer=False,
        )

    @strawberry.field
    def categories(self) -> list[PostCategory]:
        return [
            PostCategory(
                confidence=one.confidence,
                category=Category(
                    id=strawberry.ID(encode_global_id(Kind.CATEGORY, one.slug)),
                    slug=one.slug,
                    name=one.slug.title(),
                ),
            )
            for one in self.record.categories
        ]

    @strawberry.field
    def hashtags(self) -> list[Hashtag]:
        return [
            Hashtag(id=strawberry.ID(encode_global_id(Kind.HASHTAG, name)), name=name)
            for name in self.record.hashtags
        ]

    @strawberry.field
    def media(self) -> list[Media]:
        return [
            Media(url=one.url, kind=one.kind, width=one.width, height=one.height, alt=one.alt)
            for one in self.record.media
        ]

    @strawberry.field
    async def stats(self, info: Info) -> Stats:
        counts = await info.context.stats.load(self.record.id)
        return Stats(
            likes=counts.likes,
            comments=counts.comments,
            reposts=counts.reposts,
            views=counts.views,
        )

    @strawberry.field
    async def viewer_state(self, info: Info) -> ViewerState:
        has_seen = await info.context.state.load(self.record.id)
        return ViewerState(has_liked=False, has_saved=False, has_seen=has_seen)


@strawberry.type
class Reason:
    code: str
    message: str


@strawberry.type
class Why:
    reasons: list[Reason]


@strawberry.type
class Edge:
    cursor: str
    position: int
    source: str
    impression_token: str
    why: Why
    post_id: strawberry.Private[str]

    @strawberry.field
    async def node(self, info: Info) -> Post:
        record = await info.context.post.load(self.post_id)
        return Post(
            record=record,
            title=record.title,
            text=record.text,
            url=record.url,
            language=record.language,
            created_at=record.created_at,
        )


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Feed:
    request_id: str
    freshness: str
    degraded_sources: list[str]
    generated_at: float
    new_posts: int | None


@strawberry.type
class Connection:
    edges: list[Edge]
    page_info: PageInfo
    feed: Feed


@strawberry.type
class Query:
    @strawberry.field
    async def explore(self, info: Info, first: int = 20) -> Connection:
        loaders = info.context
        pool = pools.trending_worldwide(Window.WEEK)
        found: Any = await loaders.redis.zrevrange(keys.pool(pool), 0, MEMBERS - 1)  # pyright: ignore[reportUnknownMemberType]
        members = [member.decode() for member in found]
        sightings = await loaders.state.load_many(members)
        fresh = [one for one, sighted in zip(members, sightings, strict=True) if not sighted]
        edges = _edges(fresh[:first])
        return Connection(
            edges=edges,
            page_info=PageInfo(has_next_page=len(fresh) > first, end_cursor=edges[-1].cursor),
            feed=Feed(
                request_id="r",
                freshness="LIVE",
                degraded_sources=[],
                generated_at=time.time(),
                new_posts=None,
            ),
        )


def _edges(post_ids: Sequence[str]) -> list[Edge]:
    return [
        Edge(
            cursor=f"cursor-{place}",
            position=place,
            source="TRENDING",
            impression_token=f"token-{place}",
            why=Why(reasons=[Reason(code="TRENDING_NOW", message="Rising now")]),
            post_id=post_id,
        )
        for place, post_id in enumerate(post_ids)
    ]


class View(GraphQL[Loaders, None]):
    redis: "Redis"
    key: jwt.PyJWK
    issuer: str
    audience: str

    @override
    async def get_context(self, request: Any, response: Any) -> Loaders:
        token = Request(request.scope).headers["authorization"].removeprefix("Bearer ")
        claims: dict[str, Any] = jwt.decode(
            token, self.key, algorithms=["RS256"], issuer=self.issuer, audience=self.audience
        )
        return Loaders(self.redis, claims["sub"])


def main(port: int, url: str, jwks: str, issuer: str, audience: str) -> None:
    view = View(strawberry.Schema(Query), graphql_ide=None)
    view.redis = Redis.from_url(url)  # pyright: ignore[reportUnknownMemberType]
    view.key = jwt.PyJWKSet.from_json(Path(jwks).read_text()).keys[0]
    view.issuer, view.audience = issuer, audience
    uvicorn.run(view, port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:6])
