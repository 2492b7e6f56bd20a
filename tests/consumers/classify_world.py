"""The ``classify`` consumer on PostgreSQL, with models trained on made-up sets, for its tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import generate_latest

from consumers.classifier_models import ClassifierModels
from consumers.handlers.classify import Classify, ClassifyStores
from consumers.images.fetching import Fetching
from consumers.images.media_hosts import MediaHosts
from consumers.images.post_images import PostImages
from domain.events import ModerationResult, PostIngested
from domain.ports.posts import StoredIngestion, StoredModeration
from domain.posts import PostRecord
from domain.topics import POST_INGESTED
from ml.shelf import Shelf
from ml.vision.apart import OpenNsfw
from runtime.metrics import Metrics
from stores.postgres_accounts import PostgresAccounts
from stores.postgres_classifications import PostgresClassifications
from stores.postgres_pool import PostgresPool
from stores.postgres_posts import PostgresPosts
from stores.postgres_shadow_scores import PostgresShadowScores
from tests.consumers.log import NOON, at, batch_of
from tests.fakes.clock import FixedClock
from tests.fakes.publisher import MemoryPublisher
from tests.ml.made_up_sets import LetterEncoder

NAMES = ("spam", "toxicity", "nsfw", "clickbait", "topics")
CALM = "owl at the lake"
SPAM = "claim your free cash prize now"
SHORT = 2.0  # seconds for a picture to come


@dataclass
class World:
    postgres: PostgresPool
    folder: Path
    hosts: Sequence[str] = ()  # whose pictures are looked at
    publisher: MemoryPublisher = field(default_factory=MemoryPublisher)
    metrics: Metrics = field(default_factory=Metrics.create)

    def __post_init__(self) -> None:
        self.posts = PostgresPosts(self.postgres)
        self.clock = FixedClock(NOON)
        hosts = MediaHosts(self.hosts)
        self.vision = OpenNsfw(patience=20.0)  # other processes may keep the machine busy
        self.models = ClassifierModels(
            Shelf(self.folder),
            self.metrics,
            LetterEncoder,
            image_model=self.vision if hosts else None,
        )
        images = PostImages(hosts, Fetching(hosts, patience=SHORT), self.vision, self.metrics)
        self.shadow_scores = PostgresShadowScores(self.postgres)
        stores = ClassifyStores(
            PostgresClassifications(self.postgres),
            PostgresAccounts(self.postgres),
            self.shadow_scores,
        )
        self.handler = Classify(
            self.models, images, stores, self.publisher, self.clock, self.metrics
        )

    async def close(self) -> None:
        await self.models.close()
        await self.vision.close()

    async def tell(self, *events: PostIngested) -> list[ModerationResult]:
        """Posts come in; what classify says about them."""
        await self.posts.ingest([StoredIngestion(0, 0, NOON, event) for event in events])
        await self.handler.apply(batch_of(POST_INGESTED.name, *events))
        return self.said()

    def said(self) -> list[ModerationResult]:
        events, self.publisher.events = self.publisher.events, []
        return [event for event in events if isinstance(event, ModerationResult)]

    async def obey(self, *results: ModerationResult) -> None:
        await self.posts.moderate(
            [StoredModeration(0, 0, at(result), result) for result in results]
        )

    async def record(self, post_id: str = "p") -> PostRecord:
        (record,) = await self.posts.get_many([post_id])
        assert record is not None
        return record

    def metric(self, line: str) -> bool:
        return line in generate_latest(self.metrics.registry).decode().splitlines()


def post(
    text: str,
    post_id: str = "p",
    *,
    age: float = 60.0,
    author: str = "ann",
    title: str = "",
    media: Sequence[str] = (),
) -> PostIngested:
    return PostIngested(
        post_id=post_id,
        author_id=author,
        title=title or None,
        content=text,
        media_urls=list(media),
        created_at=(NOON - age) * 1_000,
    )
