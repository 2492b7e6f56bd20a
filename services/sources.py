"""Where candidates come from: for each source of an explore page the pools it reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain import pools
from domain.feed import CandidateSource
from domain.interest_reading import Interest, Interests
from domain.trending import Window
from domain.viewer import InterestState

TOPICS: Final = 5  # of a viewer, the strongest
CHOSEN_TOPICS: Final = 10
MOST_NEW: Final = 150  # posts that exploration draws from
CREATORS: Final = 12
NEARLY: Final = 0.4  # of the strongest
# Whatever an editor puts into this category is a pin.
PINS: Final = pools.fresh("editorial")
SAID: Final = (InterestState.CHOSEN, InterestState.PINNED)
PERSONAL: Final = (
    CandidateSource.CATEGORY,
    CandidateSource.PERSONALIZED,
    CandidateSource.CREATOR_AFFINITY,
    CandidateSource.CO_ENGAGED,
)


@dataclass(frozen=True, slots=True)
class Draw:
    """Members ``start`` to ``stop`` of a pool are candidates of a source."""

    source: CandidateSource
    pool: str
    stop: int
    start: int = 0


def explore_draws(
    interests: Interests, region: str | None, liked: Sequence[str] = ()
) -> Sequence[Draw]:
    """What to draw for one viewer.

    ``region`` is the one in force for the request, ``liked`` are posts, the latest first.
    """
    return (
        *_trending(),
        *_regional(region),
        *_personal(interests),
        *_co_engaged(liked),
        Draw(CandidateSource.EDITORIAL, PINS, 10),
        *_different(),
    )


def category_draws(slug: str) -> Sequence[Draw]:
    """What to draw for a category's own page."""
    source = CandidateSource.CATEGORY
    return (
        Draw(source, pools.trending_in_category(Window.DAY, slug), 300),
        Draw(source, pools.trending_in_category(Window.WEEK, slug), 300),
        Draw(source, pools.fresh(slug), 300),
    )


def topic_pools(slugs: Iterable[str]) -> list[str]:
    """The pools that pages of these topics and viewers who like them draw from."""
    draws = (draw for slug in slugs for draw in category_draws(slug))
    return [draw.pool for draw in draws]


def _trending() -> Iterable[Draw]:
    source = CandidateSource.TRENDING
    yield Draw(source, pools.trending_worldwide(Window.DAY), 150)
    yield Draw(source, pools.trending_worldwide(Window.HOUR), 60)


def _regional(region: str | None) -> Iterable[Draw]:
    if region is not None:
        source = CandidateSource.REGIONAL
        yield Draw(source, pools.trending_in_region(Window.DAY, region), 120)
        yield Draw(source, pools.trending_in_region(Window.WEEK, region), 60)


def _personal(interests: Interests) -> Iterable[Draw]:
    chosen = [slug for slug, interest in interests.topics.items() if interest.state in SAID]
    for slug in chosen[:CHOSEN_TOPICS]:
        yield from _of_topic(CandidateSource.CATEGORY, slug)
    for slug in _strongest(interests.topics, TOPICS):
        yield from _of_topic(CandidateSource.PERSONALIZED, slug)
    liked = _strongest(interests.creators, CREATORS)
    known = dict.fromkeys([*liked, *reversed(interests.followed)])
    for creator_id in list(known)[:CREATORS]:
        yield Draw(CandidateSource.CREATOR_AFFINITY, pools.by_author(creator_id), 20)


def _co_engaged(liked: Sequence[str]) -> Iterable[Draw]:
    for post_id in liked:
        yield Draw(CandidateSource.CO_ENGAGED, pools.similar(post_id), 20)


def _of_topic(source: CandidateSource, slug: str) -> Iterable[Draw]:
    yield Draw(source, pools.trending_in_category(Window.DAY, slug), 60)
    yield Draw(source, pools.trending_in_category(Window.WEEK, slug), 60)
    yield Draw(source, pools.fresh(slug), 40)


def _different() -> Iterable[Draw]:
    yield Draw(CandidateSource.FRESH, pools.fresh(), MOST_NEW)
    # What did not make it to the heads of the lists, so that it is found nowhere else.
    yield Draw(CandidateSource.SERENDIPITY, pools.trending_worldwide(Window.DAY), 250, start=150)
    yield Draw(CandidateSource.SERENDIPITY, pools.trending_worldwide(Window.WEEK), 250, start=100)


def _strongest(interests: Mapping[str, Interest], most: int) -> list[str]:
    """Names nearly as strong as the strongest; the mapping is ordered by it.

    What came along with others, such as the second topic of a liked post, takes no slots from
    what the viewer cares about.
    """
    strengths = [(name, interest.strength) for name, interest in interests.items()]
    floor = NEARLY * max((strength for _, strength in strengths), default=0.0)
    return [name for name, strength in strengths if strength > 0.0 and strength >= floor][:most]
