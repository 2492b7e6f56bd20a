"""Reasons name only what truly contributed, at least one, the source's first."""

from dataclasses import replace

import numpy as np
import pytest

from domain.feed import CandidateSource, Reason, ReasonCode
from domain.interest_reading import Interest, Interests, read_interests
from domain.interests import InterestProfile
from domain.moderation import ReviewStatus, SafetyScores
from domain.posts import PostCategory, PostRecord
from domain.ranking.reasons import Facts, Names, carrying_terms
from domain.ranking.reasons import reasons as reasons_of
from domain.ranking.session import PackedTerm, RankedSession, packed
from domain.viewer import InterestState, ViewerState

LEARNED = InterestState.LEARNED
YOUNG = Facts(is_new=True, is_popular=False)
NAMES = Names(category=str.title, creator="Ann", region="DE")
NOBODY = read_interests(InterestProfile(), ViewerState(), 0.0)
FAN = replace(
    NOBODY,
    topics={"art": Interest(0.6, LEARNED), "film": Interest(0.3, InterestState.CHOSEN)},
    creators={"ann": Interest(0.5, LEARNED)},
    hashtags={"oil": Interest(0.2, LEARNED)},
)
POST = PostRecord(
    id="p1",
    revision=1,
    author_id="ann",
    title=None,
    text="",
    url=None,
    language=None,
    region=None,
    created_at=0.0,
    categories=(PostCategory("film", 0.9), PostCategory("art", 0.4)),
    hashtags=("oil",),
    media=(),
    status=ReviewStatus.AUTO_APPROVED,
    scores=SafetyScores(),
)


def session(source: CandidateSource, **terms: float) -> RankedSession:
    return RankedSession(
        posts=["p1"],
        sources=bytes([source]),
        ranks=bytes(4),
        terms=tuple(
            PackedTerm(name, 0.5, packed(np.array([value]))) for name, value in terms.items()
        ),
        factors=(),
        fresh=1,
        recipe="r",
        created_at=0.0,
        interactions=0,
    )


def reasons(
    ranked: RankedSession,
    row: int,
    record: PostRecord,
    interests: Interests,
    names: Names,
    facts: Facts = YOUNG,
) -> tuple[Reason, ...]:
    (terms,) = carrying_terms(ranked, [row])
    return reasons_of(ranked.source(row), terms, record, interests, names, facts)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (CandidateSource.TRENDING, Reason(ReasonCode.TRENDING_NOW, "Trending now")),
        (CandidateSource.REGIONAL, Reason(ReasonCode.TRENDING_IN_REGION, "Trending in DE")),
        (
            CandidateSource.CATEGORY,
            Reason(ReasonCode.CHOSEN_TOPIC, "From Film, which you chose", category="film"),
        ),
        (
            CandidateSource.PERSONALIZED,
            Reason(ReasonCode.TOPIC_YOU_LIKE, "Because you like Art", category="art"),
        ),
        (
            CandidateSource.CREATOR_AFFINITY,
            Reason(ReasonCode.CREATOR_YOU_LIKE, "Because you like posts by Ann", creator="ann"),
        ),
        (
            CandidateSource.SERENDIPITY,
            Reason(
                ReasonCode.SOMETHING_DIFFERENT, "Something different from what you usually see"
            ),
        ),
        (CandidateSource.STATIC, Reason(ReasonCode.POPULAR, "Popular on Explore")),
    ],
)
def test_the_source_gives_the_first_reason(source: CandidateSource, expected: Reason) -> None:
    assert reasons(session(source, freshness=1.0), 0, POST, FAN, NAMES) == (expected,)


def test_terms_that_carry_the_score_follow_by_size_without_repeats() -> None:
    ranked = session(
        CandidateSource.TRENDING,
        freshness=0.5,
        creator_affinity=0.8,
        topic_affinity=0.9,
        hashtag_affinity=0.7,
        popularity=0.1,
        quality=0.1,
    )
    told = reasons(ranked, 0, POST, FAN, NAMES)
    assert [reason.code for reason in told] == [
        ReasonCode.TRENDING_NOW,
        ReasonCode.TOPIC_YOU_LIKE,
        ReasonCode.CREATOR_YOU_LIKE,
    ]
    assert told[1].category == "art"


def test_nothing_is_claimed_that_does_not_hold() -> None:
    chosen_by_nobody = session(CandidateSource.CATEGORY, topic_affinity=0.0, freshness=1.0)
    assert reasons(chosen_by_nobody, 0, POST, NOBODY, NAMES) == (
        Reason(ReasonCode.NEW_AND_PROMISING, "New and not widely seen yet"),
    )
    liked = Facts(is_new=False, is_popular=True)
    assert reasons(chosen_by_nobody, 0, POST, NOBODY, NAMES, liked) == (
        Reason(ReasonCode.POPULAR, "Popular on Explore"),
    )
    neither = Facts(is_new=False, is_popular=False)
    assert reasons(chosen_by_nobody, 0, POST, NOBODY, NAMES, neither) == (
        Reason(ReasonCode.NEW_AND_PROMISING, "Not widely seen yet"),
    )
    disliked = replace(FAN, topics={"art": Interest(-0.5, LEARNED)}, creators={})
    ranked = session(CandidateSource.PERSONALIZED, topic_affinity=-0.5, hashtag_affinity=0.4)
    assert [reason.hashtag for reason in reasons(ranked, 0, POST, disliked, NAMES)] == ["oil"]


def test_who_is_followed_is_called_so_and_no_region_is_made_up() -> None:
    followed = replace(FAN, followed=["ann"])
    (reason,) = reasons(
        session(CandidateSource.CREATOR_AFFINITY, freshness=0.0), 0, POST, followed, NAMES
    )
    assert reason.message == "Because you follow Ann"
    nowhere = Names(category=str.title, creator="Ann")
    regional = session(CandidateSource.REGIONAL, freshness=0.0)
    (reason,) = reasons(regional, 0, POST, NOBODY, nowhere)
    assert reason.message == "Not widely seen yet"


def test_what_few_have_seen_is_not_called_popular() -> None:
    many, few = Facts(is_new=True, is_popular=True), Facts(is_new=True, is_popular=False)
    trending = session(CandidateSource.TRENDING, popularity=1.0)
    fresh = session(CandidateSource.FRESH, popularity=1.0)
    told = [
        [reason.code for reason in reasons(ranked, 0, POST, NOBODY, NAMES, facts)]
        for ranked, facts in ((trending, many), (trending, few), (fresh, many))
    ]
    assert told == [
        [ReasonCode.TRENDING_NOW, ReasonCode.POPULAR],
        [ReasonCode.TRENDING_NOW],
        [ReasonCode.NEW_AND_PROMISING],
    ]
