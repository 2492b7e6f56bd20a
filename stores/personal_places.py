"""Every place where a person's id may live, and what an erasure does there.

The registry is complete: a test walks the schema of PostgreSQL, the keys of Redis and the fields
of the search index, and fails for a place that is not listed. People are named where they act
(``ERASED``). Where they are creators, what is held of them is the post service's, and goes with
``explore.user.updated {deleted: true}`` (``CREATORS``). Moderators' decisions are the records of
an office and stay (``OFFICE``). Everything else names nobody (``NOBODY``).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Fate(StrEnum):
    ERASED = "erased"
    CREATORS = "creators"
    OFFICE = "office"
    NOBODY = "nobody"


def _columns(**fates: str) -> Mapping[str, Fate]:
    """Columns by name, from one text of names for each fate."""
    return {name: Fate[fate] for fate, names in fates.items() for name in names.split()}


# Every column that can hold text, by table.
POSTGRES: Final[Mapping[str, Mapping[str, Fate]]] = {
    "blocks": _columns(ERASED="user_id", CREATORS="target_id"),
    "classifications": _columns(NOBODY="post_id material source"),
    "content_flags": _columns(
        OFFICE="human_source",
        NOBODY="post_id guesses machine_decision machine_source human_decision human_categories "
        "review_status reasons",
    ),
    "counter_checkpoints": _columns(NOBODY="post_id state"),  # short hashes of a few people
    "counter_fences": _columns(NOBODY="names contents"),
    "creators": _columns(CREATORS="id handle display_name avatar_url region languages"),
    "document_clients": _columns(NOBODY="client state"),
    "document_uses": _columns(NOBODY="client document"),
    "documents": _columns(NOBODY="id text client"),
    "erasures": _columns(NOBODY="subject_hash stores"),
    "erasures_under_way": _columns(ERASED="subject", NOBODY="phase"),
    "explore_categories": _columns(NOBODY="slug name description icon_url"),
    "explore_migrations": _columns(NOBODY="name checksum"),
    "follows": _columns(ERASED="user_id", CREATORS="target_id"),
    "hashtag_totals": _columns(NOBODY="hashtag"),
    # Those in the person's own posts are content of posts.
    "hashtag_uses": _columns(ERASED="person", NOBODY="hashtag post_id region"),
    "interactions": _columns(
        ERASED="user_id", CREATORS="creator_id", NOBODY="action post_id hashtag"
    ),
    "moderation_chain": _columns(NOBODY="head"),
    "moderation_claims": _columns(OFFICE="moderator", NOBODY="post_id"),
    "moderation_events": _columns(
        OFFICE="actor", NOBODY="post_id decision reason note previous hash"
    ),
    "outbox": _columns(OFFICE="event", NOBODY="topic"),
    "post_categories": _columns(NOBODY="post_id category_slug"),
    "post_reports": _columns(ERASED="reporter", NOBODY="post_id reason note"),
    "posts": _columns(
        CREATORS="author_id",
        NOBODY="id title body url language region hashtags media own_categories categories "
        "headline search",
    ),
    "profile_fences": _columns(NOBODY="names contents"),
    "reactions": _columns(ERASED="user_id", NOBODY="post_id type region regions"),
    "shadow_scores": _columns(NOBODY="model version post_id label live_version live_label"),
    "trending_snapshots": _columns(NOBODY="name post_ids"),
    "user_interest_profiles": _columns(
        ERASED="user_id",
        CREATORS="profile author_affinities",  # of others, as those whom they like
        NOBODY="topic_weights hashtag_affinities embedding",
    ),
    "viewer_statements": _columns(ERASED="viewer_id", CREATORS="state"),
}

# Functions and constants of ``stores.keys``.
REDIS: Final[Mapping[str, Fate]] = {
    "CHANGES": Fate.CREATORS,
    "IMPORT": Fate.NOBODY,
    "LOG_EPOCH": Fate.NOBODY,
    "LOG_PARTITIONS": Fate.NOBODY,
    "OWED": Fate.NOBODY,  # ids of posts
    "POOL_VERSIONS": Fate.NOBODY,
    "counters": Fate.NOBODY,  # hashes of event ids, and of the latest people who reacted to a post
    "creator": Fate.CREATORS,
    "lease": Fate.NOBODY,
    "limit": Fate.ERASED,
    "pool": Fate.CREATORS,
    "post": Fate.CREATORS,
    "prepared_counters": Fate.NOBODY,
    "profile": Fate.ERASED,
    "profiles": Fate.NOBODY,
    "replay": Fate.NOBODY,  # random names of sessions, which are erased
    "replay_intent": Fate.NOBODY,
    "replayed": Fate.NOBODY,
    "seen": Fate.ERASED,
    "served": Fate.ERASED,
    "session": Fate.ERASED,
    "sessions": Fate.ERASED,
    "state": Fate.ERASED,
}

# Indices by the fields that may name somebody.
OPENSEARCH: Final[Mapping[str, Fate]] = {
    "posts": Fate.CREATORS,
    "creators": Fate.CREATORS,
    "hashtags": Fate.NOBODY,
}
