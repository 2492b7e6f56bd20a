"""Every key in Redis with its life. Braces fix the hash slot, so that clusters can be used."""

from typing import Final

MINUTE: Final = 60
DAY: Final = 86_400

PREFIX: Final = "explore:"
POOL_VERSIONS: Final = "explore:pools"  # hash: pool -> version; lives on
CHANGES: Final = "explore:changes"  # stream of changed posts and creators; trimmed by length
OWED: Final = "explore:posts:owed"  # set of posts whose change is cached, not followed; lives on
MAX_CHANGES: Final = 10_000
LOG_EPOCH: Final = "explore:log:epoch"  # the least epoch of all logs; lives on
IMPORT: Final = "explore:import:"  # and a digest of the files: how far they are; lives on
LOG_PARTITIONS: Final = "explore:log:partitions"  # hash: topic -> partitions; lives on

# Seconds after the last write; what is missing comes from PostgreSQL again.
RECORD_LIFE: Final = 7 * DAY
PROFILE_LIFE: Final = 30 * DAY
SEEN_LIFE: Final = 8 * DAY
SERVED_LIFE: Final = 60 * MINUTE
REPLAY_LIFE: Final = 30 * DAY  # longer than dead letters are kept
SESSION_LIFE: Final = 15 * MINUTE
LONG_TAIL_POOL_LIFE: Final = 14 * DAY  # of hashtags, authors, similar posts; shared ones live on


def pool(name: str) -> str:
    """A sorted set; the names are those of ``domain.pools``."""
    return PREFIX + name


def post(post_id: str) -> str:
    return f"explore:post:{post_id}"


def creator(creator_id: str) -> str:
    return f"explore:creator:{creator_id}"


def counters(partition: int) -> str:
    """Hash of a partition of the engagement topic; lives on."""
    return f"explore:counters:{{e{partition}}}"


def prepared_counters(partition: int) -> str:
    """Hash that is made to take the place of ``counters``; an hour, or until then."""
    return f"explore:counters:{{e{partition}}}:prepared"


def profiles(partition: int) -> str:
    """Hash with the fence of a partition of the interactions' topic; lives on."""
    return f"explore:profiles:{{u{partition}}}"


def replayed(epoch: int) -> str:
    """Set of the dead letters that were put back, in an epoch of the logs."""
    return f"explore:replayed:{epoch}"


def replay_intent(epoch: int) -> str:
    """What a replay of dead letters is about to put back; ends with the step."""
    return f"explore:replayed:{epoch}:intent"


def profile(viewer_id: str) -> str:
    return f"explore:profile:{viewer_id}"


def state(viewer_id: str) -> str:
    return f"explore:state:{viewer_id}"


def seen(viewer_id: str) -> str:
    return f"explore:seen:{viewer_id}"


def served(viewer_id: str) -> str:
    return f"explore:served:{viewer_id}"


def session(session_id: str) -> str:
    return f"explore:session:{session_id}"


def sessions(viewer_id: str) -> str:
    """List of the viewer's latest sessions, for when they are to be erased; as long as they."""
    return f"explore:sessions:{viewer_id}"


def replay(request_id: str) -> str:
    """Set of the sessions that a request wrote; as long as they."""
    return f"explore:replay:{request_id}"


def limit(party: str) -> str:
    """Expires when the party has all its units back."""
    return f"explore:limit:{party}"


def lease(name: str) -> str:
    """Expires with the lease."""
    return f"explore:lease:{name}"
