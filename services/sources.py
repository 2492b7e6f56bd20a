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
CREATORS: Final = 12  # whose lists are drawn from
STRONGEST: Final = 6  # of them for what the viewer did, where that sets them apart
LATEST: Final = 2  # for having been followed last; the others take turns
TURN_SECONDS: Final = 600.0
# Its multiples lie evenly in [0, 1), those of one turn an hour or a day, too.
STEP: Final = 2.0**0.5 - 1.0
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
    interests: Interests, region: str | None, liked: Sequence[str] = (), *, now: float
) -> Sequence[Draw]:
    """What to draw for one viewer.

    ``region`` is the one in force for the request, ``liked`` are posts, the latest first; ``now``
    decides whose turn it is of the creators that the viewer follows.
    """
    return (
        *_trending(),
        *_regional(region),
        *_personal(interests),
        *_by_creators(interests, now),
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


def creators_drawn(interests: Interests, now: float) -> Sequence[str]:
    """At most ``CREATORS`` of those whom the viewer likes or follows.

    Where there are more, those come who stand out and the latest followed; all others take turns,
    so that no name comes before another for good.
    """
    liked = _strongest(interests.creators, len(interests.creators))
    known = dict.fromkeys([*liked, *reversed(interests.followed)])
    if len(known) <= CREATORS:
        return list(known)
    first = liked[:STRONGEST]
    if len(liked) > STRONGEST:  # equals must not go by name
        bar = interests.creators[liked[STRONGEST]].strength
        first = [one for one in first if interests.creators[one].strength > bar]
    first += [one for one in reversed(interests.followed[-LATEST:]) if one not in first]
    others = [one for one in dict.fromkeys([*interests.followed, *liked]) if one not in first]
    start = int((now // TURN_SECONDS) * STEP % 1.0 * len(others))
    return [*first, *(others[start:] + others[:start])[: CREATORS - len(first)]]


def _by_creators(interests: Interests, now: float) -> Iterable[Draw]:
    for creator_id in creators_drawn(interests, now):
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
