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
from consumers.images.post_images import PostImages
from consumers.wanted_posts import Wanted, missed, result, wanted
from domain.classification import (
    Accounts,
    Attempt,
    Classification,
    Classifications,
    ShadowScores,
    Standing,
)
from domain.events import Decision, ModerationResult, PostIngested
from domain.images import Sight
from domain.moderation import REVIEW_BAND
from domain.ports import EventPublisher
from runtime.clock import Clock
from runtime.metrics import Metrics

CHUNK: Final = 32  # posts between two looks at what others have judged meanwhile
SETTLED: Final = 60.0  # seconds after which a post that nobody judged was missed
LOOK: Final = 0.25  # seconds between two looks while others are judging
MISSED: Final = 256  # posts of one look for those
SHADOWS_KEPT: Final = 30 * 86_400.0  # seconds
UNKNOWN: Final = Standing(scored=False)


@dataclass(frozen=True, slots=True)
class ClassifyStores:
    classifications: Classifications
    accounts: Accounts
    shadow_scores: ShadowScores


class Classify(Handler):
    def __init__(
        self,
        models: ClassifierModels,
        images: PostImages,
        stores: ClassifyStores,
        publisher: EventPublisher,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._models = models
        self._images = images
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
        posts = [
            wanted(one, event, self._images) for one, event in latest.values() if not event.deleted
        ]
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
        """Classify what was missed: by an outage, or for want of a model that is there now.

        Pictures that cannot be had now either are not waited for any longer.
        """
        await self._models.opened()
        if not self._models.can_judge:
            return
        more = True
        while more:
            records = await self._stores.classifications.missed(
                self._models.source, before=self._clock.now() - SETTLED, limit=MISSED
            )
            posts = [missed(record, self._images) for record in records]
            for first in range(0, len(posts), CHUNK):
                await self._classify(posts[first : first + CHUNK], last=True)
            more = len(posts) == MISSED

    async def drop_old_shadows(self) -> None:
        await self._stores.shadow_scores.drop(before=self._clock.now() - SHADOWS_KEPT)

    async def _unjudged(self, posts: Sequence[Wanted]) -> list[Wanted]:
        """Those that are still to be classified."""
        source = self._models.source
        standings = await self._stores.classifications.standings([one.post_id for one in posts])
        found = [(one, standings.get(one.post_id, UNKNOWN)) for one in posts]
        return [
            replace(one, scored=standing.scored)
            for one, standing in found
            if standing.wants(Attempt(one.material.digest, source))
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

    async def _classify(self, posts: Sequence[Wanted], *, last: bool = False) -> None:
        """``last``: pictures that cannot be had now will not be waited for."""
        facts = await self._stores.accounts.facts({one.author_id for one in posts})
        materials = [replace(one.material, account=facts.get(one.author_id)) for one in posts]
        answers = await self._models.classify(materials)
        sights = await self._look(posts, last=last)
        # A post that has scores is shown as it was: to wait would keep its new words unjudged.
        done = [
            (one, answer, sight)
            for one, answer, sight in zip(posts, answers, sights, strict=True)
            if last or one.scored or not sight.again
        ]
        said = [event for one, answer, sight in done if (event := self._said(one, answer, sight))]
        source = self._models.source
        await self._publisher.publish(said)
        await self._stores.shadow_scores.add(
            {one.post_id: answer.comparisons for one, answer, _ in done}
        )
        # Last: what is remembered was said.
        await self._stores.classifications.remember(
            {one.post_id: Attempt(one.material.digest, source) for one, *_ in done}
        )
        self._count("judged", len(said))
        self._count("unanswered", len(done) - len(said))
        self._count("held", len(posts) - len(done))

    async def _look(self, posts: Sequence[Wanted], *, last: bool) -> Sequence[Sight]:
        if not self._models.sees:
            return [Sight(again=bool(one.material.images)) for one in posts]
        return await self._images.look([one.material.images for one in posts], insisting=last)

    def _said(self, post: Wanted, answer: Classification, sight: Sight) -> ModerationResult | None:
        """A judgment, or what only a person can judge: a doubtful picture without words."""
        seen = answer.with_image(sight.score, self._images.version)
        if answer.is_judgment:
            return result(post, seen, self._models.source)
        if sight.score is not None and sight.score >= REVIEW_BAND[0]:
            return result(post, seen, self._models.source, Decision.REVIEW)
        return None

    def _count(self, result: str, posts: int) -> None:
        self._metrics.posts_classified.labels(result=result).inc(posts)
