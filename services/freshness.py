"""How fresh an answer is and what is missing from it."""

from collections.abc import Iterable, Mapping
from typing import Final

from domain.feed import CandidateSource, FeedInfo, Freshness
from services.context import RequestContext
from services.lack import Lack
from services.pool_cache import STALE_SECONDS, PoolCache

VIEWER: Final = "viewer"  # what is known of the caller: no source, but personal ones need it


def feed_info(
    context: RequestContext,
    cache: PoolCache,
    drawn: Iterable[CandidateSource],
    *,
    lacks: Mapping[CandidateSource, Lack] | None = None,
    fallback: Freshness | None = None,
    new_posts: int | None = None,
) -> FeedInfo:
    """``drawn`` are the sources that need the pools, ``lacks`` those that are known to lack.

    ``fallback`` is set where the pools in memory did not serve.
    """
    degraded = {source.name: lack for source, lack in (lacks or {}).items()}
    if fallback is not None or cache.is_failing:
        lack = Lack.STALE if fallback is None else Lack.UNAVAILABLE
        degraded = {**dict.fromkeys([source.name for source in drawn], lack), **degraded}
    if context.viewer_id is not None and context.started.degraded:
        degraded[VIEWER] = Lack.UNAVAILABLE
    for source, lack in degraded.items():
        cache.metrics.degraded_responses.labels(source, lack.value).inc()
    present = Freshness.LIVE if cache.age <= STALE_SECONDS else Freshness.STALE
    return FeedInfo(
        request_id=context.request_id,
        freshness=fallback or present,
        generated_at=context.now,
        degraded_sources=tuple(degraded),
        new_posts=new_posts,
    )
