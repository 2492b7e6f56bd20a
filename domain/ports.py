"""What services and consumers need of the world, as protocols; adapters are in ``stores``.

Every call has a deadline of its own inside the adapter and raises ``Unavailable`` when it is over
or the engine refuses. Batches keep the order asked, with None for what is not there.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.categories import CategoryRecord
from domain.creators import CreatorRecord
from domain.engagement import EngagementState
from domain.events import (
    Action,
    Decision,
    EngagementType,
    Event,
    ModerationResult,
    PostIngested,
    UserUpdated,
)
from domain.interests import InterestProfile
from domain.moderation import ReviewStatus, SafetyReason
from domain.posts import PostRecord, PostStats
from domain.trending import Window
from domain.viewer import ViewerState

# ---------------------------------------------------------------------- pools


@dataclass(frozen=True, slots=True)
class PoolMembers:
    """A pool's best members, best first, with their time-invariant scores."""

    version: int
    ids: Sequence[str]
    scores: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class News:
    """What moved since a position in the change feed; ``position`` is where to go on.

    ``missed``: entries after that position are gone; whatever is held may be outdated.
    """

    versions: Mapping[str, int]
    posts: Sequence[str]
    creators: Sequence[str]
    position: str
    missed: bool = False


class Pools(Protocol):
    """Shared lists of post ids, written by consumers, read by the API in the background."""

    async def news(self, after: str) -> News: ...
    async def read(self, names: Sequence[str], limit: int) -> Sequence[PoolMembers]: ...


@dataclass(frozen=True, slots=True)
class PoolWrite:
    """Absolute scores to put and members to remove; may be repeated freely."""

    name: str
    put: Mapping[str, float] = field(default_factory=dict[str, float])
    remove: Sequence[str] = ()


class PoolWriter(Protocol):
    async def write(self, writes: Sequence[PoolWrite]) -> None: ...
    async def replace(self, name: str, members: Mapping[str, float]) -> None: ...
    async def trim(self, name: str, keep: int) -> None: ...
    async def announce(
        self, *, posts: Sequence[str] = (), creators: Sequence[str] = ()
    ) -> None: ...


# ---------------------------------------------------------------------- posts


class PostRecords(Protocol):
    """Records for cards: the cache first, the projection for what is not in it."""

    async def get_many(self, ids: Sequence[str]) -> Sequence[PostRecord | None]: ...


class PostRecordCache(PostRecords, Protocol):
    async def held(self, ids: Sequence[str]) -> Sequence[PostRecord | None]:
        """What is in the cache alone."""
        ...

    async def put_many(self, records: Sequence[PostRecord]) -> None:
        """Keep each record unless a later revision is there already."""
        ...

    async def remove(self, ids: Sequence[str]) -> None: ...

    async def owe(self, ids: Sequence[str]) -> None:
        """Note that what follows from the latest change of these posts is not done yet."""
        ...

    async def owed(self, ids: Sequence[str]) -> Sequence[bool]:
        """Whether that is noted."""
        ...

    async def settle(self, ids: Sequence[str]) -> None:
        """It is done."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """An event with its place in the log and its time in epoch seconds."""

    partition: int
    sequence: int
    at: float


@dataclass(frozen=True, slots=True)
class StoredIngestion(Stored):
    event: PostIngested


@dataclass(frozen=True, slots=True)
class StoredModeration(Stored):
    event: ModerationResult


Place: TypeAlias = tuple[float, str]
"""Where a list from newest to oldest goes on: (created_at, id) of the last post shown."""


class PostProjection(PostRecords, Protocol):
    """PostgreSQL's view of posts; every write gives the post a new revision."""

    async def ingest(self, batch: Sequence[StoredIngestion]) -> Sequence[str]:
        """Upsert guarded by event time; the ids the batch covers, changed now or earlier.

        A batch that is delivered again changes nothing and returns its ids again, so that what
        depends on them can be repeated. A deleted post keeps its id, author, time, region,
        categories and hashtags, so that it can be taken out of lists. What a deleted account
        wrote is deleted, whenever it comes. Nothing is created after it was told of.
        """
        ...

    async def withdraw(self, authors: Mapping[str, float]) -> Sequence[str]:
        """Delete all that these authors have written, as of a time each; the ids of the posts.

        Where the account is deleted, what it was told to have written since goes as well.
        Called again it names those deleted before as well.
        """
        ...

    async def moderate(self, batch: Sequence[StoredModeration]) -> Sequence[str]:
        """Keep scores and decisions, also of posts still unknown; the ids the batch covers."""
        ...

    async def newest(
        self, *, limit: int, before: Place | None = None, category: str | None = None
    ) -> Sequence[PostRecord]:
        """Recommendable posts, of one category or of all, newest first."""
        ...

    async def of_creator(
        self,
        creator_id: str,
        *,
        limit: int,
        before: Place | None = None,
        statuses: Collection[ReviewStatus] = tuple(ReviewStatus),
    ) -> Sequence[PostRecord]:
        """All of these statuses but deleted ones, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class StoredUser(Stored):
    event: UserUpdated


class CreatorRecords(Protocol):
    async def get_many(self, ids: Sequence[str]) -> Sequence[CreatorRecord | None]: ...
    async def by_handle(self, handle: str) -> CreatorRecord | None:
        """By the whole handle, in any case of letters."""
        ...


class CreatorRecordCache(CreatorRecords, Protocol):
    async def put_many(self, records: Sequence[CreatorRecord]) -> None:
        """Keep each record unless a later revision is there already."""
        ...


class CreatorProjection(CreatorRecords, Protocol):
    """PostgreSQL's view of creators; an author has one as soon as a post is known."""

    async def update(self, batch: Sequence[StoredUser]) -> Sequence[str]:
        """Upsert guarded by event time; the ids the batch covers, changed now or earlier."""
        ...


@dataclass(frozen=True, slots=True)
class StoredRelation(Stored):
    """From ``at`` on, ``user_id`` follows (or blocks) ``target_id``, or no longer does."""

    user_id: str
    target_id: str
    active: bool


class Follows(Protocol):
    """Who follows and who blocks whom, guarded by event time.

    Of each relation of a batch they tell whether it is as the batch says, now that all is known.
    """

    async def follow(self, batch: Sequence[StoredRelation]) -> Sequence[bool]: ...
    async def block(self, batch: Sequence[StoredRelation]) -> Sequence[bool]: ...
    async def followed_by(self, user_id: str) -> Sequence[str]:
        """Latest first."""
        ...

    async def followed_among(self, user_id: str, target_ids: Sequence[str]) -> Sequence[str]:
        """Those of the targets that the user follows, in any order."""
        ...

    async def blocked_by(self, user_id: str) -> Sequence[str]:
        """Latest first."""
        ...

    async def pairs(self, *, limit: int) -> Sequence[tuple[str, str]]:
        """Who follows whom, the latest first."""
        ...


class Categories(Protocol):
    async def all(self) -> Sequence[CategoryRecord]:
        """The active ones in display order; of those that events named, only what has posts."""
        ...

    async def get_many(self, slugs: Sequence[str]) -> Sequence[CategoryRecord | None]:
        """Inactive ones too."""
        ...

    async def upsert(self, category: CategoryRecord) -> CategoryRecord: ...


# ---------------------------------------------------------------------- hashtags


@dataclass(frozen=True, slots=True)
class HashtagUse:
    """A person used a hashtag by writing or reacting to a post; told again, the latest counts."""

    hashtag: str
    person: str
    post_id: str
    at: float
    region: str | None


@dataclass(frozen=True, slots=True)
class AwaitedUse:
    """A person reacted to a post of which nothing is known yet."""

    person: str
    post_id: str
    at: float
    region: str | None


@dataclass(frozen=True, slots=True)
class HashtagCount:
    """Use of a hashtag in recommendable posts between two times and in a span before.

    ``people`` and ``posts`` are distinct. ``baseline_people`` is the sum of the distinct people in
    each of the windows of the same length that make up the ``baseline_seconds`` before it.
    """

    hashtag: str
    people: int
    posts: int
    baseline_people: int
    baseline_seconds: float


class Hashtags(Protocol):
    """A use holds while its post has the hashtag and its person wrote it or has a reaction to it.

    What does not hold counts nowhere.
    """

    async def use(self, batch: Sequence[HashtagUse]) -> None: ...
    async def awaiting(self, batch: Sequence[AwaitedUse]) -> None:
        """Keep what people did to posts until those are known."""
        ...

    async def settle(self, post_ids: Sequence[str]) -> None:
        """Make what was kept of these posts uses of the hashtags that they have, where known."""
        ...

    async def counts(
        self, *, since: float, until: float, baseline: float, region: str | None, least_people: int
    ) -> Sequence[HashtagCount]:
        """Hashtags of at least so many people in the window, most people first, at most 500."""
        ...

    async def regions(self, *, since: float, limit: int) -> Sequence[str]:
        """Where hashtags were used since a time, most used first."""
        ...

    async def post_counts(self, hashtags: Sequence[str]) -> Sequence[int]:
        """Recommendable posts that have each hashtag."""
        ...

    async def posts(
        self, hashtag: str, *, limit: int, before: Place | None = None
    ) -> Sequence[PostRecord]:
        """Recommendable posts, newest first."""
        ...

    async def forget(self, before: float) -> int:
        """Delete the uses from before a time; how many there were."""
        ...


# ---------------------------------------------------------------------- moderation


@dataclass(frozen=True, slots=True)
class Review:
    """A person's decision; ``actor`` is the moderator's bare id."""

    at: float
    actor: str
    decision: Decision
    reason: str | None
    note: str | None


REPORTS_READ: Final = 20


@dataclass(frozen=True, slots=True)
class ViewerReport:
    """What a viewer told about a post; who it was is not the moderators' business."""

    at: float
    reason: SafetyReason
    note: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A moderator, by the bare id, looks at a post ``until`` a time."""

    moderator: str
    until: float


@dataclass(frozen=True, slots=True)
class ModerationCase:
    """A post with all that a moderator must know; ``history`` is oldest first.

    ``urgency`` orders the queue: the higher, the sooner. ``created_at`` is when the post became
    known to moderation. ``rising``: held back, and as many reacted as a post needs to trend.
    ``claim`` is the latest, over or not. ``reported`` are the latest reports, newest first, at
    most ``REPORTS_READ``.
    """

    post: PostRecord
    reasons: tuple[SafetyReason, ...]
    reports: int
    urgency: float
    created_at: float
    history: tuple[Review, ...]
    rising: bool = False
    claim: Claim | None = None
    reported: tuple[ViewerReport, ...] = ()


@dataclass(frozen=True, slots=True)
class ModerationPage:
    cases: Sequence[ModerationCase]
    total: int


class Moderation(Protocol):
    async def queue(
        self,
        *,
        statuses: Collection[ReviewStatus],
        reasons: Collection[SafetyReason],
        limit: int,
        after: tuple[float, str] | None,
    ) -> ModerationPage:
        """Most urgent first, after the (urgency, post id) of the last case shown.

        With no ``statuses``, those that wait for a person: PENDING_REVIEW, ESCALATED, UNCLASSIFIED
        ones that would trend, and whatever was reported since a person last decided.
        ``reasons``: any of them, whether machines or viewers named it; empty: all.
        """
        ...

    async def cases(self, post_ids: Sequence[str]) -> Sequence[ModerationCase | None]: ...
    async def claim(self, post_id: str, claim: Claim, *, now: float) -> Claim | None:
        """Whose the post is from now on: the one asked for, unless another's lasts still.

        None where there is no such post. A claim that ends at ``now`` gives the post back.
        """
        ...

    async def decide(self, post_id: str, review: Review) -> ModerationCase | Claim | None:
        """Apply, append to the history and put the event into the outbox, in one transaction.

        It ends the moderator's claim. With nothing written: None where the post is unknown or
        deleted, another moderator's claim where that lasts at the time of the review.
        """
        ...

    async def report(
        self, post_id: str, *, reporter: str, reason: SafetyReason, note: str | None, at: float
    ) -> bool | None:
        """Whether this is the reporter's first report of the post; None: no such post."""
        ...


class ModerationUpkeep(Protocol):
    """What happens to cases by the clock."""

    async def mark_rising(self, *, since: float, people: int) -> int:
        """Tell which posts that are held back would trend; how many changed.

        Those that so many different people have reacted to since a time.
        """
        ...

    async def end_bans(self, *, before: float, at: float, limit: int) -> int:
        """Take back, as of ``at``, shadow bans from before a time; how many there were."""
        ...

    async def forget_claims(self, before: float) -> None: ...


class Outbox(Protocol):
    """Events that were decided on together with a write of ours."""

    async def relay(
        self, publish: Callable[[Sequence[Event]], Awaitable[None]], *, limit: int
    ) -> int:
        """Publish the oldest ones in order and mark them; how many. One relay works at a time."""
        ...


# ---------------------------------------------------------------------- engagement


@dataclass(frozen=True, slots=True)
class Reaction(Stored):
    """A reaction by a known person, before it is known whether it changes anything.

    ``region`` is where it counts beside the world. ``once``: it was done to what we served, and
    counts once for each person, post and type; a view is kept then, too.
    """

    user_id: str
    post_id: str
    type: EngagementType
    delta: int
    region: str | None = None
    once: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reaction changes.

    ``counts``: the total moves by ``delta``. ``weight_at`` and ``region``: the trending sums of
    the world and of this region gain (+1) or lose (-1) one contribution dated at this time;
    ``weight`` is 0 where they do not move. What is lost is what was gained, wherever and whenever
    it is taken back.
    """

    counts: bool
    weight: int
    weight_at: float
    region: str | None = None


class Reactions(Protocol):
    """Who reacted to what: sets in PostgreSQL that answer a replay as they answered at first."""

    async def apply(self, batch: Sequence[Reaction]) -> Sequence[Verdict]: ...
    async def of_viewer(
        self, user_id: str, post_ids: Sequence[str]
    ) -> Mapping[str, frozenset[EngagementType]]: ...


@dataclass(frozen=True, slots=True)
class Crossing:
    """At ``at`` a post's sum of a window rose above the viral threshold, to ``score``."""

    post_id: str
    window: Window
    score: float
    at: float


@dataclass(frozen=True, slots=True)
class PartitionState:
    """Where a partition's consumer goes on.

    ``fence`` is -1 where nothing was applied. ``dirty`` are the posts whose pools the last batch
    moved, each with the scopes that it left (``EngagementState.scopes``), and ``crossings`` what
    it has to announce; both are done again after a crash.
    ``event_ids`` are the segments of ``EventIds``.
    """

    fence: int
    dirty: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    crossings: Sequence[Crossing] = ()
    event_ids: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class CounterBatch:
    """What a batch made of a partition: absolute values, and how far into the log they reach.

    ``fence`` is where the batch started from, ``through`` the sequence of its last record.
    ``event_ids`` are the segments that changed, by place.
    """

    partition: int
    fence: int
    through: int
    states: Mapping[str, EngagementState]
    dirty: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    crossings: Sequence[Crossing] = ()
    event_ids: Mapping[int, bytes] = field(default_factory=dict[int, bytes])


class Counters(Protocol):
    """Engagement per post, kept per partition of the engagement topic behind its fence."""

    async def open(self, partitions: Sequence[int]) -> Sequence[PartitionState]: ...
    async def load(self, wanted: Mapping[int, Sequence[str]]) -> Mapping[str, EngagementState]:
        """The states of posts, asked for by partition; what is new has none."""
        ...

    async def fences(self, partitions: Sequence[int]) -> Sequence[int]: ...
    async def save(self, batches: Sequence[CounterBatch]) -> Sequence[bool]:
        """Write each batch in one command if the stored fence is still the one it started from.

        False, with nothing written, where another writer or a lost tail moved it.
        """
        ...

    async def stats(self, post_ids: Sequence[str]) -> Sequence[PostStats]: ...


# ---------------------------------------------------------------------- viewers


@dataclass(frozen=True, slots=True)
class Charge:
    """Units to take from a party's rate limit of ``per_minute``."""

    party: str
    units: int
    per_minute: int


@dataclass(frozen=True, slots=True)
class Allowance:
    allowed: bool
    limit: int
    cost: int
    remaining: int
    retry_after: float  # seconds; 0 where allowed
    reset_after: float  # seconds until all is back


@dataclass(frozen=True, slots=True)
class ViewerReads:
    """All that one round trip brings before a request is served.

    ``seen`` and ``served`` are packed filters (``domain.seen``, ``domain.served``), ``sessions``
    the packed sessions by id. ``degraded`` is set where the store did not answer: all else is
    empty then and ``allowance`` is None.
    """

    allowance: Allowance | None
    profile: InterestProfile
    state: ViewerState
    seen: bytes = b""
    served: bytes = b""
    sessions: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    degraded: bool = False


class Viewers(Protocol):
    async def begin(
        self, viewer_id: str | None, charge: Charge | None, session_ids: Sequence[str]
    ) -> ViewerReads:
        """The rate limit, the viewer's values and the sessions named, in one round trip."""
        ...

    async def write_state(self, viewer_id: str, state: ViewerState, *, expected: int) -> bool:
        """Store ``state`` if the stored version is still ``expected``."""
        ...

    async def write_session(
        self,
        session_id: str,
        packed: bytes,
        *,
        viewer_id: str | None,
        served: bytes | None,
        request_id: str | None = None,
    ) -> None:
        """Keep a session for 15 minutes, and the served filter for its 10, in one round trip.

        A request named is found to have written the session, as long as that is kept.
        """
        ...

    async def sessions_of(self, request_id: str) -> Sequence[str]:
        """The sessions that a request wrote, sorted."""
        ...


@dataclass(frozen=True, slots=True)
class InteractionRow(Stored):
    """An interaction for PostgreSQL's history (evaluation, co-engagement).

    ``propensity`` is the chance that exploration had given the post when it was served.
    """

    user_id: str
    action: Action
    post_id: str | None
    creator_id: str | None
    hashtag: str | None
    counted: bool
    propensity: float | None = None


class Interactions(Protocol):
    """The history of interactions, kept by day."""

    async def insert(self, rows: Sequence[InteractionRow]) -> None:
        """Idempotent by partition and sequence."""
        ...

    async def prepare(self, now: float) -> None:
        """Make sure that yesterday and the next three days have a partition of their own."""
        ...

    async def forget(self, before: float) -> None:
        """Drop the days that end before a time (UTC)."""
        ...


class ActiveViewers(Protocol):
    async def active(
        self, partition: int, *, after: int, through: int, limit: int
    ) -> Sequence[tuple[int, str]]:
        """Who did something there between two sequences: sequence and viewer, in their order."""
        ...


class EngagedPairs(Protocol):
    async def pairs(self, *, since: float, limit: int) -> Sequence[tuple[str, str]]:
        """Who engaged with which post since then and did not take it back: distinct, latest first.

        Engaging is liking, commenting, sharing, saving.
        """
        ...


class Profiles(Protocol):
    """Learned profiles, durable; a later fence wins."""

    async def read_many(self, user_ids: Sequence[str]) -> Sequence[InterestProfile | None]: ...
    async def write_many(self, profiles: Mapping[str, InterestProfile]) -> None: ...


class ViewerStates(Protocol):
    """What viewers said, durable beside the fast copy; a later version wins."""

    async def read(self, viewer_id: str) -> ViewerState | None: ...
    async def write(self, viewer_id: str, state: ViewerState) -> None: ...


@dataclass(frozen=True, slots=True)
class ProfileBatch:
    """How far a partition of the interactions' topic is applied; see ``CounterBatch``."""

    partition: int
    fence: int
    through: int
    event_ids: Mapping[int, bytes] = field(default_factory=dict[int, bytes])


class LearnedProfiles(Protocol):
    """The profiles that the read path sees; written by the owner of the viewer's partition."""

    async def open(self, partitions: Sequence[int]) -> Sequence[PartitionState]: ...
    async def load(self, viewer_ids: Sequence[str]) -> Mapping[str, InterestProfile]: ...
    async def fences(self, partitions: Sequence[int]) -> Sequence[int]:
        """Where the partitions stand now: a store that lost its tail stands further back."""
        ...

    async def put(self, profiles: Mapping[str, InterestProfile]) -> None:
        """Keep each profile unless one with a later fence is there."""
        ...

    async def save(self, batches: Sequence[ProfileBatch]) -> Sequence[bool]:
        """Move the fences, each if it still is the one the batch started from."""
        ...


class LiveStates(Protocol):
    """The fast copies of what viewers said, for consumers."""

    async def states(self, viewer_ids: Sequence[str]) -> Mapping[str, ViewerState]: ...
    async def write_state(self, viewer_id: str, state: ViewerState, *, expected: int) -> bool:
        """Store ``state`` if the stored version is still ``expected``."""
        ...


class SeenFilters(Protocol):
    """Packed filters of what viewers have seen (``domain.seen``); one writer per viewer."""

    async def load(self, viewer_ids: Sequence[str]) -> Mapping[str, bytes]: ...
    async def put(
        self, filters: Mapping[str, bytes], *, loaded: Mapping[str, bytes]
    ) -> Collection[str]:
        """Store filters, but those that are not as they were ``loaded``; the viewers of these."""
        ...


class Leases(Protocol):
    async def take(self, name: str, holder: str, seconds: float) -> bool:
        """Whether the lease is the holder's now: it was free, or the holder's already."""
        ...

    async def give_back(self, name: str, holder: str) -> None: ...


# ---------------------------------------------------------------------- search


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """``text`` is taken literally; times are in epoch seconds."""

    text: str
    limit: int
    category: str | None = None
    hashtag: str | None = None
    language: str | None = None
    region: str | None = None
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """``highlights`` are escaped fragments with the matches between ``<mark>`` and ``</mark>``."""

    id: str
    score: float
    highlights: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SearchHits:
    hits: Sequence[SearchHit]
    total: int | None


class Suggestion(NamedTuple):
    """``kind`` is the name of a ``SearchType``; ``post_id`` says whose title the text is."""

    text: str
    kind: str
    post_id: str | None = None


class Search(Protocol):
    """Full-text search; OpenSearch and, for when it is away, PostgreSQL."""

    async def posts(self, query: SearchQuery) -> SearchHits: ...
    async def creators(self, query: SearchQuery) -> SearchHits: ...
    async def hashtags(self, query: SearchQuery) -> SearchHits: ...
    async def suggest(self, prefix: str, limit: int) -> Sequence[Suggestion]:
        """Best first."""
        ...


class SearchIndex(Protocol):
    async def index_posts(self, records: Sequence[PostRecord]) -> None:
        """Put or remove by ``recommendable``, with the revision as external version."""
        ...

    async def index_creators(self, records: Sequence[CreatorRecord]) -> None: ...
    async def index_hashtags(self, post_counts: Mapping[str, int]) -> None: ...
    async def is_empty(self) -> bool: ...


# ---------------------------------------------------------------------- events


class EventPublisher(Protocol):
    async def publish(self, events: Sequence[Event]) -> None:
        """Return once every event is acknowledged by Kafka, in 40 ms or ``Unavailable``."""
        ...


# ---------------------------------------------------------------------- fallbacks


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A materialized trending list with what a fallback page needs."""

    name: str
    computed_at: float
    records: Sequence[PostRecord]
    scores: NDArray[np.float64]


class Snapshots(Protocol):
    async def read(self, names: Sequence[str]) -> Sequence[Snapshot | None]: ...
    async def newest(self) -> float | None:
        """When the latest one was computed, in epoch seconds; None where there is none."""
        ...

    async def write(self, snapshots: Sequence[Snapshot]) -> None: ...
