"""All that two topics say about a post, and the record that it makes."""

from dataclasses import dataclass, replace
from typing import Final

from msgspec import structs

from domain.events import ModerationResult
from domain.post_content import PostContent
from domain.post_findings import NEVER
from domain.post_judgment import UNJUDGED, PostJudgment, judge
from domain.posts import PostRecord


@dataclass(frozen=True, slots=True)
class PostState:
    """``content`` is None before the post's producer has spoken, at ``told_at`` the last time."""

    content: PostContent | None = None
    told_at: float = NEVER
    judgment: PostJudgment = UNJUDGED

    def told(self, content: PostContent, at: float, *, nsfw: bool | None = None) -> "PostState":
        """The state after its producer's word of ``at``; an older word changes nothing.

        ``nsfw``: whether it marks the post; None leaves that as it is.
        """
        if at < self.told_at:
            return self
        told_nsfw = self.judgment.told_nsfw if nsfw is None else nsfw
        judgment = structs.replace(self.judgment, told_nsfw=told_nsfw)
        return PostState(content, at, judgment)

    def judged(self, event: ModerationResult, at: float) -> "PostState":
        return replace(self, judgment=judge(self.judgment, event, at))

    def record(self, post_id: str, revision: int = 0) -> PostRecord | None:
        """None before the post's producer has spoken, who knows categories better than others."""
        content, judgment = self.content, self.judgment
        if content is None:
            return None
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
            categories=content.categories or judgment.categories or (),
            hashtags=content.hashtags,
            media=content.media,
            status=judgment.status,
            scores=judgment.scores,
            deleted=content.deleted,
            decided_at=judgment.decided_at,
        )


UNHEARD_OF: Final = PostState()
