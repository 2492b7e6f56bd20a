"""A post's state depends on what was said and when, not on the order in which it arrived."""

from collections.abc import Sequence
from random import Random
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import Unpack

from domain.events import CategoryGuess, Decision, ModerationResult, PostIngested
from domain.moderation import ReviewStatus, SafetyScores
from domain.post_content import content_of
from domain.post_state import UNHEARD_OF, PostState
from domain.posts import Media, MediaKind

Results = st.builds(
    ModerationResult,
    post_id=st.just("p"),
    decision=st.sampled_from(Decision),
    source=st.sampled_from(["human:mo", "human:expiry", "classifier"]),
    timestamp=st.just(0),
    spam_score=st.none() | st.floats(0, 1),
    nsfw_score=st.none() | st.floats(0, 1),
    categories=st.none()
    | st.lists(st.builds(CategoryGuess, slug=st.sampled_from("abc"), confidence=st.floats(0, 1))),
)


@given(results=st.lists(Results, max_size=6), order=st.randoms(use_true_random=False))
def test_results_with_different_times_commute(
    results: list[ModerationResult], order: Random
) -> None:
    shuffled = list(enumerate(results))
    order.shuffle(shuffled)
    assert judged(shuffled) == judged(list(enumerate(results)))


@given(results=st.lists(Results, max_size=6))
def test_a_result_told_again_changes_nothing(results: list[ModerationResult]) -> None:
    told = list(enumerate(results))
    assert judged(told + told) == judged(told)


def judged(results: Sequence[tuple[float, ModerationResult]]) -> PostState:
    state = UNHEARD_OF
    for at, result in results:
        state = state.judged(result, at)
    return state


def test_of_two_results_with_the_same_time_the_later_in_the_log_holds() -> None:
    reject = ModerationResult(post_id="p", decision=Decision.REJECT, source="human:a", timestamp=0)
    approve = ModerationResult(
        post_id="p", decision=Decision.APPROVE, source="human:b", timestamp=0
    )
    assert judged([(1, reject), (1, approve)]).judgment.status is ReviewStatus.APPROVED


class Scored(TypedDict, total=False):
    spam_score: float
    nsfw_score: float
    bot_score: float


def result(
    source: str, decision: Decision = Decision.NONE, **said: Unpack[Scored]
) -> ModerationResult:
    return ModerationResult(post_id="p", decision=decision, source=source, timestamp=0, **said)


def test_what_a_person_scored_holds_over_later_machines_until_cleared() -> None:
    told = [
        (1.0, result("classifier", spam_score=0.6, bot_score=0.1)),
        (2.0, result("human:mo", spam_score=0.0)),
        (3.0, result("classifier", spam_score=0.9, bot_score=0.2)),
        (4.0, result("human:mo", Decision.APPROVE)),
    ]
    state = judged(told)
    assert state.judgment.scores == SafetyScores(spam=0.0, bot=0.2)
    state = state.judged(result("classifier", Decision.CLEAR), 5.0)
    assert state.judgment.scores == SafetyScores(spam=0.0, bot=0.2)
    state = state.judged(result("human:max", Decision.CLEAR), 5.0)
    assert state.judgment.scores == SafetyScores(spam=0.9, bot=0.2)
    late = state.judged(result("human:mo", spam_score=0.1), 4.5)
    assert late == state


def test_a_ban_that_ends_by_itself_leaves_what_people_scored() -> None:
    told = [
        (1.0, result("human:mo", Decision.SHADOW_BAN, nsfw_score=1.0)),
        (2.0, result("classifier", spam_score=0.1, nsfw_score=0.0)),
        (3.0, result("human:expiry", Decision.CLEAR)),
    ]
    judgment = judged(told).judgment
    assert judgment.scores == SafetyScores(spam=0.1, nsfw=1.0)
    assert judgment.status is ReviewStatus.AUTO_APPROVED


def test_a_person_may_clear_and_say_something_else_at_once() -> None:
    clear = result("human:mo", Decision.CLEAR, nsfw_score=0.3)
    told = [(1.0, result("human:mo", spam_score=0.0, nsfw_score=1.0)), (2.0, clear)]
    assert judged(told).judgment.scores == SafetyScores(nsfw=0.3)
    assert judged(told + told) == judged(told)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://a.example/x.JPEG?size=1.mp4", MediaKind.IMAGE),
        ("https://a.example/x.webm#t=1", MediaKind.VIDEO),
        ("https://a.example/x.flac", MediaKind.AUDIO),
        ("https://a.example/png", MediaKind.LINK),
        ("https://a.example", MediaKind.LINK),
        ("", MediaKind.LINK),
    ],
)
def test_media_are_told_by_their_extension(url: str, kind: MediaKind) -> None:
    event = PostIngested(post_id="p", author_id="a", content="", created_at=0, media_urls=[url])
    assert content_of(event, 0.0).media == (Media(url, kind),)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("en", "en"),
        ("PT_br", "pt-br"),
        ("zh-Hant-TW", "zh-hant-tw"),
        ("", None),
        ("12", None),
        ("en-", None),
        ("français", None),
        ("x" * 13, None),
    ],
)
def test_languages_are_tags_or_nothing(told: str, kept: str | None) -> None:
    event = PostIngested(post_id="p", author_id="a", content="", created_at=0, language=told)
    assert content_of(event, 0.0).language == kept


def test_of_many_tags_and_categories_the_best_are_kept() -> None:
    event = PostIngested(
        post_id="p",
        author_id="a",
        content="",
        created_at=0,
        tags=[f"t{number}" for number in range(40)],
        categories=[
            *(CategoryGuess(slug=f"c{number}", confidence=number / 20) for number in range(15)),
            CategoryGuess(slug="!!", confidence=1.0),
            CategoryGuess(slug="C14", confidence=0.1),
        ],
    )
    content = content_of(event, 0.0)
    assert content.hashtags == tuple(f"t{number}" for number in range(30))
    assert content.categories is not None
    assert [category.slug for category in content.categories] == [
        f"c{number}" for number in range(14, 4, -1)
    ]
