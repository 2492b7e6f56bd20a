"""``classify``: what our own classifiers say about posts that nobody else has judged.

A judgment is dated to just before its post's creation, so that whoever else has a word about the
post holds against it, in whichever order the two arrive; and said again it is the same.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from typing_extensions import override

from consumers.batches import Batch, Handler, Received
from consumers.classifier_models import ClassifierModels
from domain.classification import (
    Accounts,
    Attempt,
    Classification,
    Classifications,
    Material,
    ShadowScores,
    Standing,
)
from domain.events import (
    MILLISECONDS,
    CategoryGuess,
    Decision,
    ModerationResult,
    PostIngested,
    seconds,
)
from domain.ports import EventPublisher
from domain.post_content import content_of
from domain.posts import PostRecord
from runtime.clock import Clock
from runtime.metrics import Metrics

CHUNK: Final = 32  # posts between two looks at what others have judged meanwhile
SETTLED: Final = 60.0  # seconds after which a post that nobody judged was missed
LOOK: Final = 0.25  # seconds between two looks while others are judging
MISSED: Final = 256  # posts of one look for those
SHADOWS_KEPT: Final = 30 * 86_400.0  # seconds
UNKNOWN: Final = Standing(scored=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A post to classify; ``created_at`` in epoch seconds."""

    post_id: str
    author_id: str
    created_at: float
    material: Material


@dataclass(frozen=True, slots=True)
class ClassifyStores:
    classifications: Classifications
    accounts: Accounts
    shadow_scores: ShadowScores


class Classify(Handler):
    def __init__(
        self,
        models: ClassifierModels,
        stores: ClassifyStores,
        publisher: EventPublisher,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._models = models
        self._stores = stores
        self._publisher = publisher
        self._clock = clock
        self._metrics = metrics

    @override
    def check(self, received: Received) -> None:
        """Everything readable can be classified, or is left unclassified."""

    @override
    async def apply(self, batch: Batch) -> None:
        await self._models.opened()
        latest = {
            one.event.post_id: (one, one.event)
            for one in batch.received
            if isinstance(one.event, PostIngested)
        }
        posts = [_wanted(one, event) for one, event in latest.values() if not event.deleted]
        known = len(posts)
        others_judge = True
        while posts:
            looked = await self._unjudged(posts)
            others_judge |= len(looked) < len(posts)
            posts = await self._after_others(looked) if others_judge else looked
            others_judge = False
            known -= len(posts[:CHUNK])
            await self._classify(posts[:CHUNK])
            posts = posts[CHUNK:]
        self._count("left", known)

    async def catch_up(self) -> None:
        """Classify what was missed: by an outage, or for want of a model that is there now."""
        await self._models.opened()
        if not self._models.can_judge:
            return
        before = self._clock.now() - SETTLED
        records = await self._stores.classifications.missed(
            self._models.source, before=before, limit=MISSED
        )
        for first in range(0, len(records), CHUNK):
            await self._classify([_missed(one) for one in records[first : first + CHUNK]])

    async def drop_old_shadows(self) -> None:
        await self._stores.shadow_scores.drop(before=self._clock.now() - SHADOWS_KEPT)

    async def _unjudged(self, posts: Sequence[Wanted]) -> list[Wanted]:
        """Those that are still to be classified."""
        source = self._models.source
        standings = await self._stores.classifications.standings([one.post_id for one in posts])
        return [
            one
            for one in posts
            if standings.get(one.post_id, UNKNOWN).wants(Attempt(one.material.digest, source))
        ]

    async def _after_others(self, posts: list[Wanted]) -> list[Wanted]:
        """Those of many that are left when nobody else is seen to judge them.

        A producer's own verdicts come right behind its posts. To wait for them costs next to
        nothing, to classify the posts does; and of few posts either is soon done.
        """
        while len(posts) > CHUNK:
            await asyncio.sleep(LOOK)
            looked = await self._unjudged(posts)
            if len(looked) == len(posts):
                break
            posts = looked
        return posts

    async def _classify(self, posts: Sequence[Wanted]) -> None:
        facts = await self._stores.accounts.facts({one.author_id for one in posts})
        materials = [replace(one.material, account=facts.get(one.author_id)) for one in posts]
        answers = await self._models.classify(materials)
        source = self._models.source
        said = {
            one.post_id: _result(one, answer, source)
            for one, answer in zip(posts, answers, strict=True)
            if answer.is_judgment
        }
        await self._publisher.publish(list(said.values()))
        await self._stores.shadow_scores.add(
            {one.post_id: answer.comparisons for one, answer in zip(posts, answers, strict=True)}
        )
        # Last: what is remembered was said.
        await self._stores.classifications.remember(
            {one.post_id: Attempt(one.material.digest, source) for one in posts}
        )
        self._count("judged", len(said))
        self._count("unanswered", len(posts) - len(said))

    def _count(self, result: str, posts: int) -> None:
        self._metrics.posts_classified.labels(result=result).inc(posts)


def _wanted(one: Received, event: PostIngested) -> Wanted:
    created_at = max(0.0, min(seconds(event.created_at), one.at))
    content = content_of(event, created_at)
    return Wanted(
        event.post_id,
        event.author_id,
        created_at,
        Material(content.title, content.text, content.hashtags, nsfw=event.nsfw),
    )


def _missed(record: PostRecord) -> Wanted:
    return Wanted(
        record.id,
        record.author_id,
        max(0.0, record.created_at),
        Material(record.title, record.text, record.hashtags),
    )


def _result(post: Wanted, answer: Classification, source: str) -> ModerationResult:
    scores = answer.scores
    guesses = answer.categories
    return ModerationResult(
        post_id=post.post_id,
        decision=Decision.NONE,
        source=source,
        timestamp=max(0, round(post.created_at * MILLISECONDS) - 1),
        spam_score=scores.spam,
        nsfw_score=scores.nsfw,
        toxicity_score=scores.toxicity,
        bot_score=scores.bot,
        quality_score=scores.quality,
        categories=None
        if guesses is None
        else [CategoryGuess(one.slug, one.confidence) for one in guesses],
        models=dict(answer.models),
    )
