"""What two topics say about a post, folded by event time into one record.

The post's producer says what it is, classifiers and moderators say what it may be used for. Each
statement has a time; a later one replaces an earlier one of its kind, in whichever order they
arrive, and of two with the same time the one that comes later in the log holds.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from domain.events import CategoryGuess, Decision, ModerationResult, PostIngested
from domain.identifiers import is_region, normalize_hashtag, slugify
from domain.moderation import (
    ReviewStatus,
    SafetyReason,
    SafetyScores,
    is_human,
    review_status,
    safety_reasons,
)
from domain.posts import Media, MediaKind, PostCategory, PostRecord

MAX_HASHTAGS: Final = 30
MAX_MEDIA: Final = 20
MAX_CATEGORIES: Final = 10
MAX_LANGUAGE_CHARS: Final = 12
NEVER: Final = float("-inf")
_STATUS_URGENCY: Final = {ReviewStatus.ESCALATED: 2.0, ReviewStatus.PENDING_REVIEW: 1.0}
_EXTENSIONS: Final = {
    MediaKind.IMAGE: ("jpg", "jpeg", "png", "gif", "webp", "avif", "svg"),
    MediaKind.VIDEO: ("mp4", "webm", "mov", "m3u8", "mkv"),
    MediaKind.AUDIO: ("mp3", "ogg", "wav", "m4a", "flac", "aac"),
}
_KIND_OF: Final = {
    extension: kind for kind, extensions in _EXTENSIONS.items() for extension in extensions
}


class PostContent(msgspec.Struct, frozen=True, kw_only=True):
    """What the producer says. ``categories`` is None where it says nothing about them."""

    author_id: str
    title: str | None
    text: str
    url: str | None
    language: str | None
    region: str | None
    created_at: float
    hashtags: tuple[str, ...]
    media: tuple[Media, ...]
    categories: tuple[PostCategory, ...] | None
    deleted: bool


class Ruling(msgspec.Struct, frozen=True):
    """A decision with its time and source; NONE at ``NEVER`` where none was made."""

    decision: Decision = Decision.NONE
    at: float = NEVER
    source: str = ""


class PostJudgment(msgspec.Struct, frozen=True, kw_only=True):
    """What classifiers and moderators say; ``score_times`` are in the order of the scores."""

    scores: SafetyScores = SafetyScores()
    score_times: tuple[float, float, float, float, float] = (NEVER, NEVER, NEVER, NEVER, NEVER)
    guesses: tuple[PostCategory, ...] | None = None
    guessed_at: float = NEVER
    machine: Ruling = Ruling()
    human: Ruling = Ruling()

    @property
    def status(self) -> ReviewStatus:
        return review_status(self.scores, machine=self.machine.decision, human=self.human.decision)

    @property
    def reasons(self) -> tuple[SafetyReason, ...]:
        return safety_reasons(self.status, self.scores)

    @property
    def severity(self) -> float:
        """How soon a person should look, from 0 to 3: the worst score, above it the status."""
        scores = self.scores
        judged = (scores.spam, scores.nsfw, scores.toxicity, scores.bot)
        worst = max((score for score in judged if score is not None), default=0.0)
        return _STATUS_URGENCY.get(self.status, 0.0) + worst


UNJUDGED: Final = PostJudgment()


def content_of(event: PostIngested, created_at: float) -> PostContent:
    """An event as content: odd tags, regions and languages are dropped, never the post.

    Of a deleted post only what leads to its lists is kept.
    """
    tags = dict.fromkeys(normalize_hashtag(_clean(tag)) for tag in event.tags)
    gone = event.deleted
    return PostContent(
        author_id=event.author_id,
        title=None if gone or not event.title else _clean(event.title),
        text="" if gone else _clean(event.content),
        url=None if gone or not event.url else _clean(event.url),
        language=_language(event.language),
        region=event.region if event.region and is_region(event.region) else None,
        created_at=created_at,
        hashtags=tuple(tag for tag in tags if tag)[:MAX_HASHTAGS],
        media=() if gone else tuple(_media(_clean(url)) for url in event.media_urls[:MAX_MEDIA]),
        categories=_categories(event.categories),
        deleted=gone,
    )


def judge(judgment: PostJudgment, event: ModerationResult, at: float) -> PostJudgment:
    """The judgment after one more result, dated ``at``."""
    given = (
        event.spam_score,
        event.nsfw_score,
        event.toxicity_score,
        event.bot_score,
        event.quality_score,
    )
    held = judgment.scores
    scores = [held.spam, held.nsfw, held.toxicity, held.bot, held.quality]
    times = list(judgment.score_times)
    for place, score in enumerate(given):
        if score is not None and at >= times[place]:
            scores[place], times[place] = score, at
    guesses, guessed_at = judgment.guesses, judgment.guessed_at
    if event.categories is not None and at >= guessed_at:
        guesses, guessed_at = _categories(event.categories), at
    human = is_human(event.source)
    return PostJudgment(
        scores=SafetyScores(*scores),
        score_times=(times[0], times[1], times[2], times[3], times[4]),
        guesses=guesses,
        guessed_at=guessed_at,
        machine=judgment.machine if human else _later(judgment.machine, event, at),
        human=_later(judgment.human, event, at) if human else judgment.human,
    )


def record_of(
    post_id: str, revision: int, content: PostContent, judgment: PostJudgment
) -> PostRecord:
    """The record that both make. The producer knows its categories better than a classifier."""
    categories = content.categories or judgment.guesses or ()
    return PostRecord(
        id=post_id,
        revision=revision,
        author_id=content.author_id,
        title=content.title,
        text=content.text,
        url=content.url,
        language=content.language,
        region=content.region,
        created_at=content.created_at,
        categories=categories,
        hashtags=content.hashtags,
        media=content.media,
        status=judgment.status,
        scores=judgment.scores,
        deleted=content.deleted,
    )


def _later(held: Ruling, event: ModerationResult, at: float) -> Ruling:
    if event.decision is Decision.NONE or at < held.at:
        return held
    return Ruling(event.decision, at, event.source)


def _clean(text: str) -> str:
    return text.replace("\0", "")  # PostgreSQL holds no NUL


def _language(text: str | None) -> str | None:
    """A tag such as ``en`` or ``pt-br`` in lower case."""
    if not text or len(text) > MAX_LANGUAGE_CHARS or not text.isascii():
        return None
    parts = text.replace("_", "-").lower().split("-")
    return "-".join(parts) if parts[0].isalpha() and all(map(str.isalnum, parts)) else None


def _categories(guesses: Sequence[CategoryGuess] | None) -> tuple[PostCategory, ...] | None:
    """By confidence, the best first; of a slug told twice the higher."""
    if guesses is None:
        return None
    best: dict[str, float] = {}
    for guess in guesses:
        slug = slugify(guess.slug)
        if slug:
            best[slug] = max(best.get(slug, 0.0), guess.confidence)
    ordered = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    return tuple(PostCategory(slug, confidence) for slug, confidence in ordered[:MAX_CATEGORIES])


def _media(url: str) -> Media:
    path = url.split("?", 1)[0].split("#", 1)[0]
    extension = path.rsplit(".", 1)[-1].lower()
    return Media(url, _KIND_OF.get(extension, MediaKind.LINK))
