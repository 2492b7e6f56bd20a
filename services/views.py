"""What the caller's own pages and the moderators' pages show."""

from dataclasses import dataclass

from domain.categories import CategoryRecord
from domain.interest_reading import Maturity as ProfileMaturity
from domain.moderation import ReviewStatus, SafetyReason, SafetyScores
from domain.ports.moderation import ViewerReport
from domain.viewer import InterestState
from services.inputs import ReviewDecision
from services.pages import CreatorCard, HashtagCard, PostCard


@dataclass(frozen=True, slots=True)
class TopicInterest:
    """``strength`` lies between -1 and 1, decayed to now; so do those below."""

    category: CategoryRecord
    strength: float
    state: InterestState


@dataclass(frozen=True, slots=True)
class CreatorInterest:
    creator: CreatorCard
    strength: float
    state: InterestState


@dataclass(frozen=True, slots=True)
class HashtagInterest:
    hashtag: HashtagCard
    strength: float
    state: InterestState


@dataclass(frozen=True, slots=True)
class InterestsView:
    """Strongest first; ``updated_at`` is None where nothing was ever learned or said."""

    maturity: ProfileMaturity
    topics: tuple[TopicInterest, ...]
    creators: tuple[CreatorInterest, ...]
    hashtags: tuple[HashtagInterest, ...]
    updated_at: float | None


@dataclass(frozen=True, slots=True)
class ModerationEventView:
    at: float
    actor: str
    decision: ReviewDecision
    reason: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class ClaimView:
    """``is_mine`` where the caller is the moderator."""

    moderator: str
    until: float
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ModerationCaseView:
    """A case has the id of its post; ``claim`` is None where nobody's lasts."""

    card: PostCard
    status: ReviewStatus
    scores: SafetyScores
    reasons: tuple[SafetyReason, ...]
    would_trend: bool
    reports: int
    claim: ClaimView | None
    created_at: float
    history: tuple[ModerationEventView, ...]
    reported: tuple[ViewerReport, ...] = ()


@dataclass(frozen=True, slots=True)
class ModerationCaseItem:
    case: ModerationCaseView
    cursor: str


@dataclass(frozen=True, slots=True)
class WhyNotCheck:
    stage: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class WhyNotView:
    eligible: bool
    verdict: str
    checks: tuple[WhyNotCheck, ...]
