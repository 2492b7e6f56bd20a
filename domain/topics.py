"""The topics of the contract, section 4, with the events that they carry."""

from typing import Final, NamedTuple

from domain.events import (
    EngagementUpdated,
    Event,
    HashtagTrending,
    ModerationResult,
    PostIngested,
    PostViral,
    UserBlocked,
    UserFollowed,
    UserInteraction,
    UserUpdated,
)


class Topic(NamedTuple):
    """A topic with its production partition count; ``key_field`` names the event's key."""

    name: str
    partitions: int
    event: type[Event] | None
    key_field: str | None


POST_INGESTED: Final = Topic("explore.post.ingested", 32, PostIngested, "post_id")
ENGAGEMENT_UPDATED: Final = Topic("explore.engagement.updated", 64, EngagementUpdated, "post_id")
USER_INTERACTION: Final = Topic("explore.user.interaction", 32, UserInteraction, "user_id")
USER_UPDATED: Final = Topic("explore.user.updated", 16, UserUpdated, "user_id")
USER_FOLLOWED: Final = Topic("explore.user.followed", 16, UserFollowed, "user_id")
USER_BLOCKED: Final = Topic("explore.user.blocked", 16, UserBlocked, "user_id")
MODERATION_RESULT: Final = Topic("explore.moderation.result", 16, ModerationResult, "post_id")
HASHTAG_TRENDING: Final = Topic("explore.hashtag.trending", 16, HashtagTrending, "hashtag")
POST_VIRAL: Final = Topic("explore.post.viral", 16, PostViral, "post_id")
DEAD_LETTERS: Final = Topic("explore.dlq", 16, None, None)
TOPICS: Final = (
    POST_INGESTED,
    ENGAGEMENT_UPDATED,
    USER_INTERACTION,
    USER_UPDATED,
    USER_FOLLOWED,
    USER_BLOCKED,
    MODERATION_RESULT,
    HASHTAG_TRENDING,
    POST_VIRAL,
    DEAD_LETTERS,
)
