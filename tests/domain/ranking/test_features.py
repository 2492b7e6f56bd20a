"""Features: bounded, monotone, exact where it can be said; recipes check themselves."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.interest_reading import Interest, Interests
from domain.ranking.adjusters.creator_decay import CreatorDecay
from domain.ranking.adjusters.less_of_this import LessOfThis
from domain.ranking.cooccurrence import find_neighbors
from domain.ranking.features.creator_affinity import CreatorAffinity
from domain.ranking.features.creator_standing import CreatorStanding, usual_engagement
from domain.ranking.features.freshness import Freshness
from domain.ranking.features.given import Given
from domain.ranking.features.hashtag_affinity import HashtagAffinity
from domain.ranking.features.liveliness import Liveliness
from domain.ranking.features.popularity import Popularity
from domain.ranking.features.quality import Quality
from domain.ranking.features.topic_affinity import TopicAffinity
from domain.ranking.features.trend import Trend
from domain.ranking.filters.age_limit import AgeLimit
from domain.ranking.invalid_recipe import InvalidRecipe
from domain.ranking.membership import contains, weights_of
from domain.ranking.query import Query
from domain.ranking.recipe import Recipe
from domain.ranking.recipes import EXPLORE
from domain.ranking.score import Feature, WeightedFeature
from domain.ranking.taste import Vocabulary, code_taste
from domain.trending import Window
from domain.viewer import InterestState
from tests.domain.ranking.factories import (
    DAY,
    NOW,
    changed,
    codes,
    fan_taste,
    make_candidates,
    make_taste,
    with_columns,
)

ANYBODY = Query(make_taste(), NOW)


def values(feature: Feature, column: str, given: list[float]) -> list[float]:
    """The feature of rows that differ in one column only."""
    one = np.zeros(len(given), dtype=np.int64)
    same = make_candidates(1, 1).take(one)
    candidates = with_columns(same, {column: np.array(given)})
    return feature(candidates, ANYBODY).tolist()


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32))
def test_values_stay_within_bounds(seed: int) -> None:
    candidates = make_candidates(seed, 50)
    query = Query(fan_taste(seed), NOW)
    for weighted in EXPLORE.features:
        column = weighted.feature(candidates, query)
        assert column.shape == (50,)
        assert (np.abs(column) <= 1.0).all()
    for adjuster in (CreatorDecay(), LessOfThis()):
        factor = adjuster(candidates, query, np.ones(50), np.ones(50, dtype=np.bool_))
        assert ((factor > 0.0) & (factor <= 1.0)).all()


@pytest.mark.parametrize(
    ("feature", "column"),
    [
        (Popularity(half=200.0), "likes"),
        (Popularity(half=200.0), "comments"),
        (CreatorStanding(half=20.0), "creator_usual"),
        (Given("co_engaged"), "co_engaged"),
        (Liveliness(half=60_000.0), "trend.HOUR"),
    ],
)
@settings(deadline=None)
@given(st.lists(st.floats(0.001, 1.0), min_size=2, max_size=8, unique=True))
def test_more_is_never_less(feature: Feature, column: str, given: list[float]) -> None:
    rising = sorted(given)
    found = values(feature, column, rising)
    assert found == sorted(found)


def test_the_viral_are_not_tied() -> None:
    found = values(Popularity(half=200.0), "likes", [1e3, 1e4, 1e5, 1e6, 1e7])
    assert len(set(np.array(found, dtype=np.float32).tolist())) == 5
    assert found == sorted(found)
    assert values(Popularity(half=200.0), "likes", [0.0])[0] < 0.8


def test_a_half_life_is_a_half_life() -> None:
    ages = np.array([0.0, DAY, 2 * DAY, -60.0])
    candidates = changed(make_candidates(1, 4), created_at=NOW - ages)
    assert Freshness(half_life=DAY)(candidates, ANYBODY).tolist() == [1.0, 0.5, 0.25, 1.0]


def test_trend_corrects_for_youth() -> None:
    candidates = with_columns(
        changed(make_candidates(1, 2), created_at=np.array([NOW, NOW - 300 * DAY])),
        {"trend": np.full(2, 30.0)},
    )
    young, old = Trend(Window.DAY, half=30.0, source="trend")(candidates, ANYBODY).tolist()
    assert old == 0.5
    assert young > 0.6


def test_liveliness_reads_the_quiet_time_off_what_is_left_of_a_comment() -> None:
    left = 2.0 * 2.0 ** -(60_000.0 / 1_800.0)
    old = changed(make_candidates(1, 3), created_at=np.full(3, NOW - 900 * DAY))
    column = {"trend.HOUR": np.array([left, 2.0, 0.0])}
    found = Liveliness(half=60_000.0)(with_columns(old, column), ANYBODY)
    assert found[:2].tolist() == pytest.approx([0.5, 1.0])
    assert 0.0 < found[2] < 0.4
    born = with_columns(changed(old, created_at=np.full(3, NOW)), {"trend.HOUR": np.zeros(3)})
    assert Liveliness(half=60_000.0)(born, ANYBODY).tolist() == [1.0, 1.0, 1.0]


def test_topics_count_by_confidence_and_tags_by_mean() -> None:
    candidates = changed(
        make_candidates(1, 3),
        categories=np.array([[1, 2, -1], [1, -1, -1], [-1, -1, -1]], dtype=np.int32),
        confidence=np.array([[0.75, 0.25, 0.9], [0.1, 0.5, 0.5], [0.5, 0.5, 0.5]]),
        hashtags=np.array([[4, 9, -1, -1, -1, -1], [4] + [-1] * 5, [-1] * 6], dtype=np.int32),
        author=codes(3, 4, 5),
    )
    taste = make_taste(
        topics=np.array([0.0, 0.8, -0.4, 0, 0, 0, 0, 0, 0.0]),
        hashtags=codes(4),
        hashtag_weights=np.array([0.6]),
        creators=codes(5),
        creator_weights=np.array([-0.5]),
    )
    query = Query(taste, NOW)
    assert TopicAffinity()(candidates, query).tolist() == pytest.approx([0.5, 0.8, 0.0])
    assert HashtagAffinity()(candidates, query).tolist() == [0.3, 0.6, 0.0]
    assert CreatorAffinity()(candidates, query).tolist() == [0.0, 0.0, -0.5]


def test_unknown_quality_is_average_and_missing_columns_are_nothing() -> None:
    candidates = changed(make_candidates(1, 2), quality=np.array([np.nan, 0.9]))
    assert Quality()(candidates, ANYBODY).tolist() == [0.5, 0.9]
    bare = replace(candidates, columns={})
    for weighted in EXPLORE.features:
        assert np.isfinite(weighted.feature(bare, ANYBODY)).all()


def test_a_creators_usual_engagement_is_shrunk_towards_everybodys() -> None:
    usual = usual_engagement(
        np.array([0, 0, 1, -1], dtype=np.int32), np.array([10.0, 20.0, 0.0, 99.0]), 3
    )
    assert usual.tolist() == [(30.0 + 2 * 10.0) / 4, 2 * 10.0 / 3, 10.0]
    assert usual_engagement(codes(), np.empty(0), 2).tolist() == [0.0, 0.0]


def test_decay_counts_an_authors_posts_best_first() -> None:
    candidates = changed(make_candidates(1, 5), author=np.array([1, 1, 2, 1, -1], dtype=np.int32))
    total = np.array([0.1, 0.9, 0.5, 0.4, 0.3])
    kept = np.array([True, True, True, True, True])
    factor = CreatorDecay(decay=0.5, floor=0.25)(candidates, ANYBODY, total, kept)
    assert factor.tolist() == [0.4375, 1.0, 1.0, 0.625, 1.0]
    kept[1] = False
    factor = CreatorDecay(decay=0.5, floor=0.25)(candidates, ANYBODY, total, kept)
    assert factor.tolist() == [0.625, 1.0, 1.0, 1.0, 1.0]


@given(
    st.lists(st.integers(-(2**62), 2**62), max_size=60, unique=True),
    st.lists(st.integers(-(2**62), 2**62), max_size=60),
)
def test_lookups_find_what_is_there_and_nothing_else(members: list[int], rows: list[int]) -> None:
    known = np.array(sorted(members), dtype=np.int64)
    column = np.array(rows + members[:20], dtype=np.int64)
    weights = np.arange(1.0, len(members) + 1.0)
    place = dict(zip(sorted(members), weights.tolist(), strict=True))
    assert contains(known, column).tolist() == [key in place for key in column.tolist()]
    assert weights_of(known, weights, column).tolist() == [
        place.get(key, 0.0) for key in column.tolist()
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda: Freshness(half_life=0.0), id="zero half-life"),
        pytest.param(lambda: Freshness(half_life=-1.0), id="negative half-life"),
        pytest.param(lambda: Freshness(half_life=math.inf), id="endless half-life"),
        pytest.param(lambda: Popularity(half=0.0), id="zero middle"),
        pytest.param(lambda: Given("velocity"), id="unknown column"),
        pytest.param(
            lambda: Trend(Window.DAY, half=30.0, source="trend.MONTH"), id="unknown window"
        ),
        pytest.param(lambda: CreatorDecay(decay=0.0), id="no decay"),
        pytest.param(lambda: LessOfThis(floor=0.0), id="no floor"),
        pytest.param(lambda: AgeLimit(0.0), id="no age"),
        pytest.param(lambda: replace(EXPLORE, features=()), id="no features"),
        pytest.param(
            lambda: replace(EXPLORE, features=(WeightedFeature(Quality(), 0.9),)),
            id="weights below 1",
        ),
        pytest.param(
            lambda: replace(EXPLORE, features=(WeightedFeature(Quality(), math.nan),)),
            id="weight not a number",
        ),
        pytest.param(
            lambda: replace(EXPLORE, features=(WeightedFeature(Quality(), 0.5),) * 2),
            id="a name twice",
        ),
        pytest.param(
            lambda: find_neighbors(np.array([0]), np.array([0]), 1, damping=1.5),
            id="damping above 1",
        ),
        pytest.param(
            lambda: find_neighbors(np.array([0]), np.array([0]), 1, keep=0), id="no neighbors"
        ),
    ],
)
def test_what_cannot_be_used_is_refused_when_it_is_built(wrong: Callable[[], object]) -> None:
    with pytest.raises(InvalidRecipe):
        wrong()


def test_weights_may_be_negative_as_long_as_they_add_up() -> None:
    features = (WeightedFeature(Quality(), 0.9), WeightedFeature(Given("co_engaged"), -0.1))
    recipe: Recipe = replace(EXPLORE, features=features)
    assert recipe.version != EXPLORE.version


def test_co_engagement_shares_a_persons_vote_and_corrects_for_popularity() -> None:
    # Persons 0 and 1 like items 0 and 1; person 2 likes everything.
    people = np.array([0, 0, 1, 1, 2, 2, 2, 2])
    items = np.array([0, 1, 0, 1, 0, 1, 2, 3])
    neighbors = find_neighbors(people, items, 5, keep=3, damping=0.5)
    size = 0.5 + 0.5 + 0.25
    assert neighbors.items[0].tolist() == [1, 2, 3]
    assert neighbors.strengths[0].tolist() == pytest.approx(
        [1.25 / size, 0.25 / (size * 0.25) ** 0.5, 0.25 / (size * 0.25) ** 0.5]
    )
    assert neighbors.items[4].tolist() == [-1, -1, -1]
    score = neighbors.score(np.array([1]), np.array([2.0]))
    assert score[0] == pytest.approx(2.0)
    assert score[4] == 0.0
    assert find_neighbors(np.empty(0, int), np.empty(0, int), 2).items.shape == (2, 50)


def test_interests_are_coded_for_the_columns_that_know_them() -> None:
    names = {"art": 0, "golf": 1, "ann": 2, "bob": 1, "DE": 3, "x": 5}

    def code(name: str) -> int:
        return names.get(name, -1)

    learned, muted = InterestState.LEARNED, InterestState.MUTED
    interests = Interests(
        interactions=7,
        topics={
            "art": Interest(0.5, InterestState.CHOSEN),
            "golf": Interest(-1.0, muted),
            "gone": Interest(0.9, learned),
        },
        creators={"ann": Interest(0.4, learned), "bob": Interest(-1.0, muted)},
        hashtags={"x": Interest(0.2, learned), "y": Interest(0.1, learned)},
        followed=["ann", "unknown"],
        hidden_creators=["bob"],
        hidden_posts=[9, -4],
        liked_posts=[],
        blocked=("bob",),
        languages=("en", "pt-br", "xx"),
        region="DE",
        show_sensitive=True,
        updated_at=None,
    )
    spoken = ("de", "en", "en-gb", "eng", "pt", "pt-br", "pt-pt")
    vocabulary = Vocabulary(code, code, code, spoken, code, categories=2)
    taste = code_taste(interests, vocabulary, viewer="ann")
    assert taste.topics.tolist() == [0.5, -1.0, 0.0]
    assert taste.muted_topics.tolist() == [False, True, False]
    assert taste.chosen.tolist() == [0]
    assert (taste.creators.tolist(), taste.creator_weights.tolist()) == ([1, 2], [-1.0, 0.4])
    assert taste.muted_creators.tolist() == [1]
    assert (taste.hashtags.tolist(), taste.hashtag_weights.tolist()) == ([5], [0.2])
    assert (taste.followed.tolist(), taste.blocked.tolist()) == ([2], [1])
    assert [spoken[one] for one in taste.languages] == ["en", "en-gb", "pt", "pt-br"]
    assert taste.hidden_posts.tolist() == [-4, 9]
    assert (taste.region, taste.own) == (3, 2)
    assert code_taste(interests, vocabulary, viewer=None, region="ZZ").region == -1
