"""Which pools a trending list is made of, and the column that it is ranked by."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from domain import pools
from domain.feed import CandidateSource
from domain.ranking.candidates import Codes, Floats
from domain.ranking.recipe import Recipe
from domain.ranking.recipes import BY_ONE_LIST, TRENDING
from domain.trending import Window
from services.feed import Wanted
from services.gathering import Only, SeededColumns, trend_column
from services.pool_cache import MEMBERS, PoolCache
from services.sources import Draw

UNVERSIONED_SECONDS: Final = 0.2  # how old a hashtag's list may be
IN_ONE_LIST: Final = {
    window: replace(recipe, blend=BY_ONE_LIST) for window, recipe in TRENDING.items()
}


def trending_list(cache: PoolCache, window: Window, scope: str, now: float) -> Wanted:
    """What the list of a window and scope is made of."""
    return Wanted(
        draws=trending_draws(window, scope),
        columns=trending_columns(cache, window, scope, now),
        only=_only(cache, scope),
        fallback=(pools.trending_worldwide(window), pools.fresh()),
        max_age=UNVERSIONED_SECONDS,
    )


def trending_draws(window: Window, scope: str) -> Sequence[Draw]:
    """The pool of the scope; a region's is mixed with the worldwide one."""
    pool = pools.trending(window, scope)
    if not _is_region(scope):
        return (Draw(CandidateSource.TRENDING, pool, MEMBERS),)
    worldwide = pools.trending_worldwide(window)
    return (
        Draw(CandidateSource.REGIONAL, pool, MEMBERS),
        Draw(CandidateSource.TRENDING, worldwide, MEMBERS),
    )


def trending_columns(cache: PoolCache, window: Window, scope: str, now: float) -> SeededColumns:
    """The column ``trend``: decayed engagement in the scope; in a region its own, where it has."""
    names = [pools.trending_worldwide(window), pools.trending(window, scope)]

    def columns(rows: Codes, _seed: int) -> Mapping[str, Floats]:
        return {"trend": trend_column(cache, rows, names, window, now)}

    return columns


def trending_recipe(window: Window, scope: str) -> Recipe:
    """The window's recipe; only a region's list shares out its slots."""
    return TRENDING[window] if _is_region(scope) else IN_ONE_LIST[window]


def _only(cache: PoolCache, scope: str) -> Only | None:
    """Which rows belong into a scope, whatever list they are drawn from."""
    catalog = cache.catalog
    category, hashtag = pools.category_scope(""), pools.hashtag_scope("")
    if scope.startswith(category):
        slug = scope.removeprefix(category)
        return lambda rows: catalog.table.of_category(rows, slug)
    if scope.startswith(hashtag):
        name = scope.removeprefix(hashtag)
        return lambda rows: catalog.table.of_hashtag(rows, name)
    return None


def _is_region(scope: str) -> bool:
    return scope.startswith(pools.region_scope(""))
