"""Rows of ``post_records`` and ``post_states`` as values, and values as rows to write."""

from collections.abc import Iterable, Mapping
from typing import Final

import asyncpg
import msgspec

from domain.events import Decision
from domain.moderation import ReviewStatus, SafetyScores
from domain.post_content import PostContent
from domain.post_findings import NEVER, Findings, findings
from domain.post_judgment import PostJudgment, Ruling
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
    machine_scores = row["machine_scores"]
    return PostJudgment(
        machine_findings=_findings(
            msgspec.structs.astuple(_scores(row)) if machine_scores is None else machine_scores,
            row["score_times"],
            row["guesses"],
            row["guessed"],
        ),
        human_findings=_findings(
            row["human_scores"],
            row["human_score_times"],
            row["human_categories"],
            row["human_categorized"],
        ),
        cleared_at=row["cleared"],
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
    machine, human = judgment.machine_findings, judgment.human_findings
    return {
        "post_id": post_id,
        "spam_score": scores.spam,
        "nsfw_score": scores.nsfw,
        "toxicity_score": scores.toxicity,
        "bot_score": scores.bot,
        "quality_score": scores.quality,
        "machine_scores": None if machine.scores == scores else machine.scores,
        "score_times": machine.score_times,
        "guesses": machine.categories,
        "guessed_at": machine.categories_at,
        "human_scores": human.scores,
        "human_score_times": human.score_times,
        "human_categories": human.categories,
        "human_categories_at": human.categories_at,
        "cleared_at": judgment.cleared_at,
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


def _findings(
    scores: Iterable[float | None],
    times: Iterable[float | None],
    categories: str | None,
    categories_at: float,
) -> Findings:
    return findings(
        list(scores),
        [NEVER if time is None else time for time in times],
        None if categories is None else _CATEGORIES.decode(categories),
        categories_at,
    )


def _scores(row: asyncpg.Record) -> SafetyScores:
    return SafetyScores(
        row["spam_score"],
        row["nsfw_score"],
        row["toxicity_score"],
        row["bot_score"],
        row["quality_score"],
    )
