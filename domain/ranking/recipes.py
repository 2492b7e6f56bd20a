"""The recipes of the product, each on one screen. Experiments choose recipes, never code paths.

Weights and half-lives without a measurement in docs/ranking.md are plain defaults.
"""

from typing import Final

from domain.feed import CandidateSource
from domain.policy import Surface
from domain.ranking.adjusters.creator_decay import CreatorDecay
from domain.ranking.adjusters.less_of_this import LessOfThis
from domain.ranking.adjusters.not_drawn import NotDrawn
from domain.ranking.blend import Blend, Share
from domain.ranking.features.brief import (
    BriefEngagement,
    BriefFreshness,
    BriefPersonalization,
)
from domain.ranking.features.creator_affinity import CreatorAffinity
from domain.ranking.features.creator_standing import CreatorStanding
from domain.ranking.features.freshness import Freshness
from domain.ranking.features.given import Given
from domain.ranking.features.hashtag_affinity import HashtagAffinity
from domain.ranking.features.liveliness import Liveliness
from domain.ranking.features.popularity import Popularity
from domain.ranking.features.quality import Quality
from domain.ranking.features.topic_affinity import TopicAffinity
from domain.ranking.features.trend import Trend
from domain.ranking.filters.blocked import Blocked
from domain.ranking.filters.hidden import Hidden
from domain.ranking.filters.hidden_creators import HiddenCreators
from domain.ranking.filters.in_session import InSession
from domain.ranking.filters.language import Language
from domain.ranking.filters.muted_creators import MutedCreators
from domain.ranking.filters.muted_hashtags import MutedHashtags
from domain.ranking.filters.muted_topics import MutedTopics
from domain.ranking.filters.muted_words import MutedWords
from domain.ranking.filters.not_in_future import NotInFuture
from domain.ranking.filters.own import Own
from domain.ranking.filters.recommendable import Recommendable
from domain.ranking.filters.seen import Seen
from domain.ranking.filters.sensitive import Sensitive
from domain.ranking.recipe import Recipe
from domain.ranking.score import WeightedFeature as Weighted
from domain.ranking.slate import SlateRules
from domain.trending import Window

FLAGGED_SHARE: Final = 0.3  # of a page that we make: more is filled up with what is safe
HOUR: Final = 3_600.0
DAY: Final = 24 * HOUR

# What holds in every list, for every page: safety and what the viewer said.
ALLOWED: Final = (
    Recommendable(),
    Sensitive(),
    Blocked(),
    MutedCreators(),
    MutedTopics(),
    MutedHashtags(),
    MutedWords(),
    Hidden(),
    HiddenCreators(),
)
# What a feed that is opened again and again leaves out on top of it.
UNSEEN: Final = (Own(), Language(), Seen(), InSession(), NotInFuture())

BY_ONE_LIST: Final = Blend(())
FOR_YOU: Final = Blend(
    (
        Share((CandidateSource.CREATOR_AFFINITY,), 0.3, personal=True),
        Share((CandidateSource.CO_ENGAGED,), 0.2, personal=True),
        Share((CandidateSource.PERSONALIZED,), 0.5, personal=True),
        Share((CandidateSource.CATEGORY,), 0.4),
        Share((CandidateSource.REGIONAL,), 0.3, varied=True),
        Share((CandidateSource.TRENDING,), 0.2, varied=True),
        Share((CandidateSource.EDITORIAL, CandidateSource.SERENDIPITY), 0.05, constant=True),
        Share((CandidateSource.FRESH,), 0.05, constant=True),
    ),
    most_personal=0.75,
    personal_from=5,
)
REGIONAL_FIRST: Final = Blend(
    (Share((CandidateSource.REGIONAL,), 0.6), Share((CandidateSource.TRENDING,), 0.4))
)

EXPLORE: Final = Recipe(
    name="explore",
    filters=ALLOWED + UNSEEN,
    # The first five by the order of what people did next on real data, the others beside them.
    features=(
        Weighted(Freshness(half_life=6 * HOUR), 0.14),
        Weighted(Popularity(half=200.0), 0.22),
        Weighted(Liveliness(half=100 * 600.0), 0.15),
        Weighted(CreatorStanding(half=20.0), 0.12),
        Weighted(CreatorAffinity(), 0.08),
        Weighted(TopicAffinity(), 0.10),
        Weighted(HashtagAffinity(), 0.03),
        Weighted(Given("co_engaged"), 0.08),
        Weighted(Quality(), 0.05),
        Weighted(Given("pinned"), 0.03),
        Weighted(Given("propensity"), 0.0),  # kept with what was shown, to be counted by
    ),
    adjusters=(CreatorDecay(), LessOfThis(), NotDrawn()),
    blend=FOR_YOU,
    rules=SlateRules(
        per_author=2,
        category_share=0.4,
        per_author_nearby=3,
        flagged_share=FLAGGED_SHARE,
        varied_share=0.2,
    ),
    returns_served=True,
)

CATEGORY: Final = Recipe(
    name="category",
    filters=(*ALLOWED, Language(), InSession(), NotInFuture()),
    features=EXPLORE.features[:-1],
    adjusters=EXPLORE.adjusters[:-1],
    blend=BY_ONE_LIST,
    rules=SlateRules(per_author=2, per_author_nearby=3, flagged_share=FLAGGED_SHARE),
)


def trending(window: Window) -> Recipe:
    """The list of a window in any scope: by rate alone, 60 % regional where a region is asked."""
    return Recipe(
        name=f"trending.{window}",
        filters=(*ALLOWED, InSession(), NotInFuture()),
        features=(Weighted(Trend(window, half=30.0, source="trend"), 1.0),),
        adjusters=(),
        blend=REGIONAL_FIRST,
        rules=SlateRules(),
        surface=Surface.TRENDING,
    )


TRENDING: Final = {window: trending(window) for window in Window}

SEARCH: Final = Recipe(
    name="search",
    filters=(*ALLOWED, InSession()),
    features=(
        Weighted(Given("relevance"), 0.60),
        Weighted(Trend(Window.WEEK, half=30.0, source="trend.WEEK"), 0.10),
        Weighted(Freshness(half_life=30 * DAY), 0.10),
        Weighted(Quality(), 0.10),
        Weighted(TopicAffinity(), 0.05),
        Weighted(CreatorAffinity(), 0.05),
    ),
    adjusters=(),
    blend=BY_ONE_LIST,
    rules=SlateRules(),
    surface=Surface.SEARCH,
)

RELATED: Final = Recipe(
    name="related",
    filters=(*ALLOWED, InSession(), NotInFuture()),
    features=(
        Weighted(Given("co_engaged"), 0.60),
        Weighted(Given("relevance"), 0.20),
        Weighted(Popularity(half=100.0), 0.10),
        Weighted(Freshness(half_life=7 * DAY), 0.10),
    ),
    adjusters=(CreatorDecay(),),
    blend=BY_ONE_LIST,
    rules=SlateRules(per_author=2, flagged_share=FLAGGED_SHARE),
)

# The brief's diversity weight of 0.1 multiplied a constant 0 and is left out of the sum.
BASELINE: Final = Recipe(
    name="baseline",
    filters=EXPLORE.filters,
    features=(
        Weighted(BriefEngagement(), 0.30 / 0.90),
        Weighted(BriefFreshness(), 0.25 / 0.90),
        Weighted(BriefPersonalization(), 0.25 / 0.90),
        Weighted(Quality(), 0.10 / 0.90),
    ),
    adjusters=(),
    blend=BY_ONE_LIST,
    rules=SlateRules(per_author=2, category_share=0.4),
    returns_served=True,
)
