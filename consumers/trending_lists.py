"""Which trending lists a post belongs into, and with which scores."""

from collections.abc import Iterator, Mapping
from typing import Final

from domain import pools
from domain.engagement import WORLDWIDE, EngagementState, qualifies, region_score, regions
from domain.ports.pools import PoolWrite
from domain.posts import PostRecord
from domain.trending import WINDOWS, Window

MAX_CATEGORIES: Final = 3
MAX_HASHTAGS: Final = 6
_BITS: Final = {window: 1 << place for place, window in enumerate(WINDOWS)}


def place(state: EngagementState, record: PostRecord | None) -> dict[str, int]:
    """Note in the state the lists that the post belongs into now; the ones that it leaves.

    A post that is unknown, or may not be recommended, belongs into none.
    """
    wanted: dict[str, int] = {}
    if record is not None and record.recommendable:
        windows = [window for window in WINDOWS if qualifies(state, window)]
        for scope, region in _scopes(state, record) if windows else ():
            bits = sum(
                _BITS[window]
                for window in windows
                if region_score(state, region, window) is not None
            )
            if bits:
                wanted[scope] = bits
    left = left_of(state.scopes, wanted)
    state.scopes = wanted
    return left


def left_of(before: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    """The lists that a post was in and is not any more."""
    return {scope: gone for scope, bits in before.items() if (gone := bits & ~now.get(scope, 0))}


def writes(
    states: Mapping[str, EngagementState], left: Mapping[str, Mapping[str, int]]
) -> list[PoolWrite]:
    """Absolute scores and removals for posts whose lists are noted, one write per list.

    ``left`` are the lists that posts leave.
    """
    put: dict[str, dict[str, float]] = {}
    remove: dict[str, list[str]] = {}
    for post_id, state in states.items():
        for scope, window in _lists(state.scopes):
            score = region_score(state, _region_of(scope), window)
            if score is not None:
                put.setdefault(pools.trending(window, scope), {})[post_id] = score
    for post_id, scopes in left.items():
        for scope, window in _lists(scopes):
            remove.setdefault(pools.trending(window, scope), []).append(post_id)
    names = dict.fromkeys((*put, *remove))
    return [PoolWrite(name, put.get(name, {}), remove.get(name, ())) for name in names]


def _scopes(state: EngagementState, record: PostRecord) -> Iterator[tuple[str, str]]:
    """The scopes that a post may be in, each with the region whose sum counts there."""
    yield pools.WORLDWIDE, WORLDWIDE
    for region in regions(state):
        yield pools.region_scope(region), region
    for category in record.categories[:MAX_CATEGORIES]:
        yield pools.category_scope(category.slug), WORLDWIDE
    for hashtag in record.hashtags[:MAX_HASHTAGS]:
        yield pools.hashtag_scope(hashtag), WORLDWIDE


def _lists(scopes: Mapping[str, int]) -> Iterator[tuple[str, Window]]:
    for scope, bits in scopes.items():
        for window in WINDOWS:
            if bits & _BITS[window]:
                yield scope, window


def _region_of(scope: str) -> str:
    prefix = pools.region_scope("")
    return scope.removeprefix(prefix) if scope.startswith(prefix) else WORLDWIDE
