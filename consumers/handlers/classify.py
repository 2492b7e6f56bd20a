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
from domain.classification import Classification
from domain.events import Decision, ModerationResult, PostIngested
from domain.images import Sight
from domain.moderation import REVIEW_BAND
from domain.ports.accounts import Accounts
from domain.ports.classifications import Attempt, Classifications, Standing
from domain.ports.event_publisher import EventPublisher
from domain.ports.shadow_scores import ShadowScores
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


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the models called ``source`` say of a post; ``held`` back until its pictures come."""

    post: Wanted
    answer: Classification
    sight: Sight
    source: str
    held: bool


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
        self._others_judge = True  # whether somebody did in the last batch of many posts

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
        left = len(posts)
        try:
            async with asyncio.TaskGroup() as group:
                left -= await self._judge(posts, group)
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed  # the loop knows them by their kinds
        self._count("left", left)

    async def _judge(self, posts: list[Wanted], group: asyncio.TaskGroup) -> int:
        """How many were classified. What is said is said while the next are classified."""
        many, judged, others_judged = len(posts) > CHUNK, 0, False
        waits = self._others_judge
        saying: asyncio.Task[None] | None = None
        while posts:
            looked = await self._unjudged(posts)
            waits |= len(looked) < len(posts)
            left = await self._after_others(looked) if waits else looked
            others_judged |= len(left) < len(posts)
            waits = False
            answers = await self._answers(left[:CHUNK])
            if saying is not None:
                await saying
            saying = group.create_task(self._say(answers))
            judged += len(answers)
            posts = left[CHUNK:]
        if many:
            self._others_judge = others_judged
        return judged

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
                await self._say(await self._answers(posts[first : first + CHUNK], last=True))
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

    async def _answers(self, posts: Sequence[Wanted], *, last: bool = False) -> Sequence[_Answer]:
        """``last``: pictures that cannot be had now will not be waited for."""
        facts = await self._stores.accounts.facts(
            {one.author_id for one in posts}, at=self._clock.now()
        )
        materials = [replace(one.material, account=facts.get(one.author_id)) for one in posts]
        source, answers = await self._models.classify(materials)
        sights = await self._look(posts, last=last)
        # A post that has scores is shown as it was: to wait would keep its new words unjudged.
        return [
            _Answer(one, answer, sight, source, held=sight.again and not (last or one.scored))
            for one, answer, sight in zip(posts, answers, sights, strict=True)
        ]

    async def _say(self, answers: Sequence[_Answer]) -> None:
        done = [one for one in answers if not one.held]
        said = [event for one in done if (event := self._said(one))]
        await self._publisher.publish(said)
        await self._stores.shadow_scores.add(
            {one.post.post_id: one.answer.comparisons for one in done}
        )
        # Last: what is remembered was said.
        await self._stores.classifications.remember(
            {one.post.post_id: Attempt(one.post.material.digest, one.source) for one in done}
        )
        self._count("judged", len(said))
        self._count("unanswered", len(done) - len(said))
        self._count("held", len(answers) - len(done))

    async def _look(self, posts: Sequence[Wanted], *, last: bool) -> Sequence[Sight]:
        if not self._models.sees:
            return [Sight(again=bool(one.material.images)) for one in posts]
        return await self._images.look([one.material.images for one in posts], insisting=last)

    def _said(self, one: _Answer) -> ModerationResult | None:
        """A judgment, or what only a person can judge: a doubtful picture without words."""
        score = one.sight.score
        seen = one.answer.with_image(score, self._images.version)
        if one.answer.is_judgment:
            return result(one.post, seen, one.source)
        if score is not None and score >= REVIEW_BAND[0]:
            return result(one.post, seen, one.source, Decision.REVIEW)
        return None

    def _count(self, result: str, posts: int) -> None:
        self._metrics.posts_classified.labels(result=result).inc(posts)
