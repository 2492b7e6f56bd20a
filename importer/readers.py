"""Which consumer groups an import waits for, and the topics that each of them reads."""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.topics import (
    ENGAGEMENT_UPDATED,
    MODERATION_RESULT,
    POST_INGESTED,
    USER_BLOCKED,
    USER_FOLLOWED,
    USER_INTERACTION,
    USER_UPDATED,
)

# A test holds it to what the consumers declare.
READERS: Final[Mapping[str, Sequence[str]]] = {
    "explore-posts": (
        POST_INGESTED.name,
        USER_UPDATED.name,
        USER_FOLLOWED.name,
        USER_BLOCKED.name,
    ),
    "explore-classify": (POST_INGESTED.name,),
    "explore-moderation": (MODERATION_RESULT.name,),
    "explore-engagement": (ENGAGEMENT_UPDATED.name,),
    "explore-interests": (USER_INTERACTION.name, USER_FOLLOWED.name, USER_BLOCKED.name),
    "explore-index": (POST_INGESTED.name, MODERATION_RESULT.name, USER_UPDATED.name),
    "explore-hashtags": (POST_INGESTED.name, ENGAGEMENT_UPDATED.name),
    "explore-erase": (USER_UPDATED.name,),
}
