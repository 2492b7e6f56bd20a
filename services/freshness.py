"""How fresh an answer is and what is missing from it."""

from typing import Final

from domain.feed import FeedInfo, Freshness
from services.context import RequestContext
from services.pool_cache import PoolCache

STALE_SECONDS: Final = 30.0
POOLS: Final = "pools"
VIEWER: Final = "viewer"
SEARCH: Final = "search"


def feed_info(
    context: RequestContext,
    cache: PoolCache,
    *,
    fallback: Freshness | None = None,
    missing: tuple[str, ...] = (),
    new_posts: int | None = None,
) -> FeedInfo:
    """``fallback`` is set where the pools in memory did not serve; ``missing`` names sources."""
    degraded = list(missing)
    if fallback is not None or cache.is_failing:
        degraded.append(POOLS)
    if context.viewer_id is not None and context.started.degraded:
        degraded.append(VIEWER)
    for source in set(degraded):
        cache.metrics.degraded_responses.labels(source).inc()
    present = Freshness.LIVE if cache.age <= STALE_SECONDS else Freshness.STALE
    return FeedInfo(
        request_id=context.request_id,
        freshness=fallback or present,
        generated_at=context.now,
        degraded_sources=tuple(dict.fromkeys(degraded)),
        new_posts=new_posts,
    )
