"""Complete values as services hand them out, with as much or as little said as a test needs."""

from domain.categories import CategoryRecord
from domain.creators import CreatorRecord
from domain.feed import CandidateSource, FeedInfo, Freshness, ReasonCode, ScoreExplanation
from domain.moderation import ReviewStatus, SafetyReason, SafetyScores
from domain.ports.moderation import ViewerReport
from domain.posts import Media, MediaKind, PostCategory, PostRecord, PostStats
from services.pages import (
    CreatorCard,
    FeedItem,
    Page,
    PostCard,
    PostItem,
    PostViewerState,
    ReasonCard,
    TrendingItem,
)
from services.views import ClaimView, ModerationCaseView

NOON = 1_795_000_000.0  # 2026-11-18T11:06:40Z
CITIES = CategoryRecord(
    slug="cities", name="Cities", icon_url="https://icons.example/cities.svg", display_order=2
)


def creator_card(creator_id: str = "ada", *, is_followed: bool | None = None) -> CreatorCard:
    return CreatorCard(
        record=CreatorRecord(
            id=creator_id,
            revision=1,
            handle=f"{creator_id}.writes",
            display_name=creator_id.title(),
            avatar_url="https://img.example/a.png",
            follower_count=12,
            post_count=3,
            top_categories=("cities",),
        ),
        top_categories=(CITIES,),
        is_followed=is_followed,
    )


def post_card(
    post_id: str = "p1",
    *,
    viewer_state: PostViewerState | None = None,
    stats: PostStats | None = None,
    media: tuple[Media, ...] = (),
    url: str | None = None,
    creator: CreatorCard | None = None,
) -> PostCard:
    return PostCard(
        record=PostRecord(
            id=post_id,
            revision=4,
            author_id="ada",
            title=f"Title of {post_id}",
            text="Trams at dawn",
            url=url,
            language="en",
            region="DE",
            created_at=NOON,
            categories=(PostCategory("cities", 0.9), PostCategory("gone", 0.2)),
            hashtags=("trams", "dawn"),
            media=media
            or (Media("https://img.example/t.jpg", MediaKind.IMAGE, 640, 480, "A tram"),),
            status=ReviewStatus.AUTO_APPROVED,
            scores=SafetyScores(spam=0.01),
        ),
        stats=stats or PostStats(likes=7, comments=2, reposts=1, views=90),
        creator=creator or creator_card(),
        categories=(CITIES,),
        viewer_state=viewer_state,
        visibility=None,
        interstitial=None,
    )


def feed_item(
    card: PostCard, position: int = 0, *, explanation: ScoreExplanation | None = None
) -> FeedItem:
    return FeedItem(
        card=card,
        position=position,
        source=CandidateSource.TRENDING,
        reasons=(ReasonCard(ReasonCode.TRENDING_NOW, "Rising now", category=CITIES),),
        explanation=explanation,
        token=f"token-{card.record.id}",
        cursor=f"cursor-{position}",
    )


def trending_item(card: PostCard, rank: int, *, rank_change: int | None = None) -> TrendingItem:
    return TrendingItem(
        card=card,
        rank=rank,
        rank_change=rank_change,
        score=8.5 - rank,
        token=f"token-{card.record.id}",
        cursor=f"cursor-{rank}",
    )


def post_item(card: PostCard) -> PostItem:
    return PostItem(card=card, cursor=f"cursor-{card.record.id}")


def feed_info(freshness: Freshness = Freshness.LIVE) -> FeedInfo:
    return FeedInfo(request_id="r-1", freshness=freshness, generated_at=NOON + 0.25)


def case_view(card: PostCard) -> ModerationCaseView:
    return ModerationCaseView(
        card=card,
        status=ReviewStatus.PENDING_REVIEW,
        scores=SafetyScores(spam=0.6),
        reasons=(),
        would_trend=True,
        reports=2,
        claim=ClaimView("mo", NOON + 300.0, is_mine=True),
        created_at=NOON,
        history=(),
        reported=(ViewerReport(NOON, SafetyReason.SPAM, "an ad"),),
    )


def page(*items: object, has_next: bool = False, total: int | None = None) -> Page[object]:
    return Page(items=items, has_next=has_next, has_previous=False, info=feed_info(), total=total)
