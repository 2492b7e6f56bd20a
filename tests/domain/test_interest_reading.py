"""Reading interests: bounded strengths, statements that outrank them, nothing forgotten shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import Action
from domain.identifiers import stable_key
from domain.interest_reading import Interest, Maturity, maturity, read_interests
from domain.interests import Interaction, InterestProfile, apply
from domain.viewer import (
    ContentSettings,
    Hidden,
    InterestState,
    Statement,
    TargetKind,
    ViewerState,
)

NOW = 1_800_000_000.0
DAY = 86_400.0


def fan(*topics: str, at: float = NOW, action: Action = Action.LIKE) -> InterestProfile:
    profile = InterestProfile()
    for place, topic in enumerate(topics):
        apply(profile, Interaction(action, at, place, (topic,), "ann", ("tag",)))
    return profile


def said(slug: str, state: InterestState, at: float = NOW) -> Statement:
    return Statement(TargetKind.CATEGORY, slug, state, at)


def test_strength_is_relative_to_the_strongest_and_shrunk_while_little_is_known() -> None:
    one = read_interests(fan("art"), ViewerState(), NOW)
    assert one.topics == {"art": Interest(5.0 / 25.0, InterestState.LEARNED)}
    more = read_interests(fan("art", "art", "art", "film"), ViewerState(), NOW)
    assert more.topics["art"].strength == 15.0 / 35.0
    assert more.topics["film"].strength == 5.0 / 35.0
    assert list(more.topics) == ["art", "film"]


def test_interests_fade() -> None:
    profile = fan("art")
    week = read_interests(profile, ViewerState(), NOW + 7 * DAY).topics["art"].strength
    assert week == pytest.approx(2.5 / 22.5)
    assert read_interests(profile, ViewerState(), NOW + 300 * DAY).topics == {}


def test_one_clear_dislike_counts_with_a_viewer_of_thousands_of_likes() -> None:
    profile = fan(*["art"] * 2_000)
    apply(profile, Interaction(Action.NOT_INTERESTED, NOW, 1, ("golf",), "joe"))
    interests = read_interests(profile, ViewerState(), NOW)
    assert interests.topics["golf"].strength == -0.5
    assert interests.creators["joe"].strength == -0.5


@given(st.integers(0, 300), st.integers(0, 300))
def test_learned_strengths_stay_within_bounds_and_likes_only_raise_them(
    likes: int, dislikes: int
) -> None:
    profile = fan(*["art"] * likes)
    for _ in range(dislikes):
        apply(profile, Interaction(Action.NOT_INTERESTED, NOW, 1, ("art",)))
    before = read_interests(profile, ViewerState(), NOW).topics.get("art")
    strength = before.strength if before else 0.0
    assert -1.0 < strength < 1.0
    apply(profile, Interaction(Action.COMMENT, NOW, 1, ("art",)))
    after = read_interests(profile, ViewerState(), NOW).topics.get("art")
    assert (after.strength if after else 0.0) >= strength


def test_statements_outrank_what_was_learned() -> None:
    state = ViewerState(
        statements=(
            said("art", InterestState.MUTED),
            said("golf", InterestState.PINNED),
            said("film", InterestState.CHOSEN),
            said("news", InterestState.CHOSEN),
        )
    )
    profile = fan("art", "golf")
    apply(profile, Interaction(Action.NOT_INTERESTED, NOW, 1, ("news",)))
    topics = read_interests(profile, state, NOW).topics
    assert topics["golf"] == Interest(1.0, InterestState.PINNED)
    assert topics["art"] == Interest(-1.0, InterestState.MUTED)
    assert topics["film"] == Interest(0.5, InterestState.CHOSEN)
    assert topics["news"] == Interest(-0.5, InterestState.CHOSEN)  # the later dislike counts
    assert list(topics) == ["golf", "film", "news", "art"]


def test_what_was_forgotten_or_reset_is_not_read() -> None:
    profile = fan("art", "film")
    forgotten = ViewerState(statements=(said("art", InterestState.LEARNED, NOW + 1.0),))
    assert set(read_interests(profile, forgotten, NOW).topics) == {"film"}
    earlier = ViewerState(statements=(said("art", InterestState.LEARNED, NOW - 1.0),))
    assert set(read_interests(profile, earlier, NOW).topics) == {"art", "film"}
    chosen = said("golf", InterestState.CHOSEN)
    reset = read_interests(profile, ViewerState(statements=(chosen,), reset_at=NOW), NOW)
    assert (set(reset.topics), reset.creators, reset.interactions) == ({"golf"}, {}, 0)
    assert reset.maturity is Maturity.COLD


def test_hidden_things_count_at_once_and_fade_but_hidden_posts_stay_out() -> None:
    state = ViewerState(
        hidden=(
            Hidden(TargetKind.POST, "p1", NOW - 400 * DAY),
            Hidden(TargetKind.CREATOR, "ann", NOW - 29 * DAY),
            Hidden(TargetKind.CREATOR, "bob", NOW - 31 * DAY),
            Hidden(TargetKind.CATEGORY, "art", NOW - 30 * DAY),
        )
    )
    interests = read_interests(fan("art"), state, NOW)
    assert interests.hidden_posts == [stable_key("p1")]
    assert interests.hidden_creators == ["ann"]
    assert interests.creators["ann"].strength < -0.25
    assert interests.topics["art"].strength == -0.25


def test_settings_follows_blocks_and_likes_come_along() -> None:
    profile = fan("art")
    apply(profile, Interaction(Action.FOLLOW, NOW, creator="bob"))
    settings = ContentSettings(show_sensitive=True, languages=("en",), region="DE")
    interests = read_interests(profile, ViewerState(settings=settings, blocked=("joe",)), NOW)
    assert interests.followed == ["bob"]
    assert interests.blocked == ("joe",)
    assert (interests.show_sensitive, interests.languages, interests.region) == (
        True,
        ("en",),
        "DE",
    )
    assert interests.liked_posts == [0]
    assert read_interests(profile, ViewerState(), NOW + 9 * DAY).liked_posts == []
    assert interests.updated_at == NOW
    assert read_interests(InterestProfile(), ViewerState(), NOW).updated_at is None


@pytest.mark.parametrize(
    ("interactions", "level"),
    [
        (0, Maturity.COLD),
        (4, Maturity.COLD),
        (5, Maturity.WARMING),
        (49, Maturity.WARMING),
        (50, Maturity.ESTABLISHED),
    ],
)
def test_maturity_has_the_contracts_levels(interactions: int, level: Maturity) -> None:
    assert maturity(interactions) is level
