"""Posts on their way through the classifiers: what is asked, and the event that answers it."""

from dataclasses import dataclass

from consumers.batches import Received
from consumers.images.post_images import PostImages
from domain.classification import Classification, Material
from domain.events import (
    MILLISECONDS,
    CategoryGuess,
    Decision,
    ModerationResult,
    PostIngested,
)
from domain.post_content import content_of, written_at
from domain.posts import PostRecord


@dataclass(frozen=True, slots=True)
class Wanted:
    """A post to classify; ``created_at`` in epoch seconds. ``scored``: it has scores already."""

    post_id: str
    author_id: str
    created_at: float
    material: Material
    scored: bool = False


def wanted(one: Received, event: PostIngested, images: PostImages) -> Wanted:
    """A post that its producer has just told of."""
    content = content_of(event, written_at(event, one.at))
    return Wanted(
        event.post_id,
        event.author_id,
        content.created_at,
        Material(
            content.title,
            content.text,
            content.hashtags,
            nsfw=event.nsfw,
            # What is marked needs no second opinion, nor to wait for one.
            images=() if event.nsfw else images.wanted(content.media),
        ),
    )


def missed(record: PostRecord, images: PostImages) -> Wanted:
    """A post of the projection that nobody has judged wholly."""
    return Wanted(
        record.id,
        record.author_id,
        max(0.0, record.created_at),
        Material(
            record.title,
            record.text,
            record.hashtags,
            # Marked or found sensitive: either way 1 is what we say, and others' scores hold.
            nsfw=record.sensitive or None,
            images=() if record.sensitive else images.wanted(record.media),
        ),
    )


def result(
    post: Wanted, answer: Classification, source: str, decision: Decision = Decision.NONE
) -> ModerationResult:
    scores = answer.scores
    guesses = answer.categories
    return ModerationResult(
        post_id=post.post_id,
        decision=decision,
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
