"""``hashtags``: who used which hashtag, and which hashtags rise.

A person uses a hashtag by writing a post that has it, or by reacting to one. The uses are kept in
PostgreSQL, one row per hashtag, post and person, so that a post that is withdrawn, or a reaction
that is taken back, is out of every count at once. What is done to a post before its record is
there is kept until then. The lists are counted anew by the clock; a tag that enters is announced.
"""

from collections.abc import Iterator, Mapping

from typing_extensions import override

from consumers.batches import Batch, Handler, Received
from domain.events import EngagementType, EngagementUpdated, PostIngested
from domain.identifiers import is_region
from domain.ports.hashtags import AwaitedUse, Hashtags, HashtagUse
from domain.ports.posts import PostRecords
from domain.post_content import content_of, written_at
from domain.posts import PostRecord


class HashtagUses(Handler):
    def __init__(self, hashtags: Hashtags, records: PostRecords) -> None:
        self._hashtags = hashtags
        self._records = records

    @override
    def check(self, received: Received) -> None:
        """Everything readable can be applied; the consumer of each topic refuses the rest."""

    @override
    async def apply(self, batch: Batch) -> None:
        reacted = {
            event.post_id: None for one in batch.received if (event := _reaction(one)) is not None
        }
        found = await self._records.get_many(list(reacted))
        records = dict(zip(reacted, found, strict=True))
        uses = [use for one in batch.received for use in _uses(one, records)]
        await self._hashtags.use(uses)
        await self._hashtags.awaiting(
            [use for one in batch.received for use in _awaited(one, records)]
        )
        await self._hashtags.settle(list(dict.fromkeys(_looked_at_again(batch))))


def _reaction(one: Received) -> EngagementUpdated | None:
    """A known person's reaction; a view is none, and what is taken back counts no longer."""
    event = one.event
    if isinstance(event, EngagementUpdated) and event.user_id is not None and event.delta == 1:
        return None if event.type is EngagementType.VIEW else event
    return None


def _looked_at_again(batch: Batch) -> Iterator[str]:
    """Posts whose record changed: a step of nothing, told when the record is there.

    It comes after the reactions that came before the record, for they share the post's partition.
    """
    for one in batch.received:
        event = one.event
        if isinstance(event, EngagementUpdated) and event.delta == 0:
            yield event.post_id


def _awaited(one: Received, records: Mapping[str, PostRecord | None]) -> Iterator[AwaitedUse]:
    reaction = _reaction(one)
    if reaction is not None and reaction.user_id and records[reaction.post_id] is None:
        yield AwaitedUse(reaction.user_id, reaction.post_id, one.at, _region(reaction))


def _uses(one: Received, records: Mapping[str, PostRecord | None]) -> Iterator[HashtagUse]:
    event = one.event
    if isinstance(event, PostIngested):
        content = content_of(event, written_at(event, one.at))
        for hashtag in () if content.deleted else content.hashtags:
            yield HashtagUse(
                hashtag, event.author_id, event.post_id, content.created_at, content.region
            )
        return
    reaction = _reaction(one)
    record = records.get(reaction.post_id) if reaction is not None else None
    if reaction is None or reaction.user_id is None or record is None:
        return
    region = _region(reaction) or record.region
    for hashtag in record.hashtags:
        yield HashtagUse(hashtag, reaction.user_id, record.id, one.at, region)


def _region(reaction: EngagementUpdated) -> str | None:
    return reaction.region if reaction.region and is_region(reaction.region) else None
