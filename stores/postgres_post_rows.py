"""Rows of ``post_records`` and ``post_states`` as values, and values as rows to write."""

from collections.abc import Iterable, Mapping
from typing import Final

import asyncpg
import msgspec

from domain.events import Decision
from domain.moderation import ReviewStatus, SafetyScores
from domain.post_content import PostContent
from domain.post_judgment import NEVER, PostJudgment, Ruling
from domain.posts import Media, PostCategory, PostRecord

_MEDIA: Final = msgspec.json.Decoder(tuple[Media, ...])
_CATEGORIES: Final = msgspec.json.Decoder(tuple[PostCategory, ...])


def as_json(rows: Iterable[Mapping[str, object]]) -> str:
    """Rows for ``jsonb_to_recordset``, infinite times as NULL."""
    return msgspec.json.encode(list(rows)).decode()


def read_record(row: asyncpg.Record) -> PostRecord:
    return PostRecord(
        id=row["id"],
        revision=row["revision"],
        author_id=row["author_id"],
        title=row["title"],
        text=row["body"],
        url=row["url"],
        language=row["language"],
        region=row["region"],
        created_at=row["created"],
        categories=_CATEGORIES.decode(row["categories"]),
        hashtags=tuple(row["hashtags"]),
        media=_MEDIA.decode(row["media"]),
        status=ReviewStatus(row["review_status"]),
        scores=_scores(row),
        deleted=row["deleted"],
        decided_at=row["decided"],
    )


def read_content(row: asyncpg.Record) -> PostContent | None:
    """None where no producer has spoken of the post yet."""
    if row["id"] is None:
        return None
    own = row["own_categories"]
    return PostContent(
        author_id=row["author_id"],
        title=row["title"],
        text=row["body"],
        url=row["url"],
        language=row["language"],
        region=row["region"],
        created_at=row["created"],
        hashtags=tuple(row["hashtags"]),
        media=_MEDIA.decode(row["media"]),
        categories=None if own is None else _CATEGORIES.decode(own),
        deleted=row["deleted"],
    )


def read_judgment(row: asyncpg.Record) -> PostJudgment:
    guesses = row["guesses"]
    spam, nsfw, toxicity, bot, quality = (
        NEVER if time is None else time for time in row["score_times"]
    )
    return PostJudgment(
        given=_scores(row),
        score_times=(spam, nsfw, toxicity, bot, quality),
        guesses=None if guesses is None else _CATEGORIES.decode(guesses),
        guessed_at=row["guessed"],
        machine=Ruling(
            Decision(row["machine_decision"]), row["machine_ruled"], row["machine_source"]
        ),
        human=Ruling(Decision(row["human_decision"]), row["human_ruled"], row["human_source"]),
        told_nsfw=row["told_nsfw"],
    )


def content_row(content: PostContent, record: PostRecord, event_at: float) -> Mapping[str, object]:
    return {
        "id": record.id,
        "author_id": content.author_id,
        "title": content.title,
        "body": content.text,
        "url": content.url,
        "language": content.language,
        "region": content.region,
        "created_at": content.created_at,
        "hashtags": content.hashtags,
        "media": content.media,
        "own_categories": content.categories,
        "categories": record.categories,
        "deleted": content.deleted,
        "recommendable": record.recommendable,
        "event_at": event_at,
    }


def judgment_row(post_id: str, judgment: PostJudgment) -> Mapping[str, object]:
    scores = judgment.given
    return {
        "post_id": post_id,
        "spam_score": scores.spam,
        "nsfw_score": scores.nsfw,
        "toxicity_score": scores.toxicity,
        "bot_score": scores.bot,
        "quality_score": scores.quality,
        "score_times": judgment.score_times,
        "guesses": judgment.guesses,
        "guessed_at": judgment.guessed_at,
        "machine_decision": judgment.machine.decision,
        "machine_at": judgment.machine.at,
        "machine_source": judgment.machine.source,
        "human_decision": judgment.human.decision,
        "human_at": judgment.human.at,
        "human_source": judgment.human.source,
        "review_status": judgment.status,
        "reasons": judgment.reasons,
        "severity": judgment.severity,
        "told_nsfw": judgment.told_nsfw,
    }


def _scores(row: asyncpg.Record) -> SafetyScores:
    return SafetyScores(
        row["spam_score"],
        row["nsfw_score"],
        row["toxicity_score"],
        row["bot_score"],
        row["quality_score"],
    )
