"""The demo world is the same each time, and looks like life where it matters."""

from collections import Counter
from itertools import pairwise

from demo.world.posts import DemoPost
from demo.world.reactions import past_reactions
from demo.world.vocabulary import LANGUAGES, SLUGS, read_words
from demo.world.world import POSTS, SPAN, World, make_world, past_posts
from domain.eligibility import is_recommendable
from domain.events import EngagementType, seconds
from domain.identifiers import is_identifier, is_region, normalize_hashtag, slugify
from domain.moderation import ReviewStatus, automatic_status, is_sensitive

AS_OF = 1_800_000_000.0
WORLD = make_world()
PAST = list(past_posts(WORLD, AS_OF))


def _told(world: World, posts: list[DemoPost]) -> list[object]:
    reactions = [past_reactions(world.seed, post, world.fans, AS_OF) for post in posts]
    return [world, posts, [list(of_post) for of_post in reactions]]


def test_the_same_seed_tells_the_same_world() -> None:
    again = make_world()
    assert _told(again, list(past_posts(again, AS_OF))) == _told(WORLD, PAST)


def test_another_seed_tells_another_world() -> None:
    other = make_world(WORLD.seed + 1)
    assert [c.name for c in other.creators] != [c.name for c in WORLD.creators]


def test_text_does_not_depend_on_when_the_world_is_made() -> None:
    later = list(past_posts(WORLD, AS_OF + 86_400.0))
    assert [post.post.content for post in later] == [post.post.content for post in PAST]


def test_posts_cover_a_week_oldest_first_and_each_category() -> None:
    assert len(PAST) == POSTS
    assert all(a.created_at <= b.created_at for a, b in pairwise(PAST))
    assert PAST[0].created_at >= AS_OF - SPAN
    assert PAST[-1].created_at <= AS_OF
    assert AS_OF - PAST[-1].created_at < 3_600.0
    assert min(Counter(post.category for post in PAST)[slug] for slug in SLUGS) >= 100


def test_names_ids_and_texts_are_usable_as_they_are() -> None:
    assert len({post.post.post_id for post in PAST}) == POSTS
    assert len({person.handle for person in WORLD.creators}) == len(WORLD.creators)
    for post in PAST:
        event = post.post
        assert is_identifier(event.post_id)
        assert is_region(post.region)
        assert event.content
        assert not {"{", "}"} & set(f"{event.title}{event.content}")
        assert [normalize_hashtag(tag) for tag in event.tags] == event.tags
        assert len(set(event.tags)) == len(event.tags)
        assert event.language in {"en", *LANGUAGES}


def test_words_of_all_languages_name_every_category() -> None:
    words = read_words()
    assert [slugify(slug) for slug in words.categories] == list(SLUGS)
    assert all(set(phrases.topics) == set(SLUGS) for phrases in words.languages.values())


def test_some_posts_are_sensitive_spam_or_wait_for_a_person() -> None:
    states = [automatic_status(post.scores, None) for post in PAST]
    assert set(states) == {ReviewStatus.AUTO_APPROVED, ReviewStatus.PENDING_REVIEW}
    waiting = states.count(ReviewStatus.PENDING_REVIEW)
    sensitive = sum(is_sensitive(post.scores) for post in PAST)
    approved = [p for p, s in zip(PAST, states, strict=True) if s is ReviewStatus.AUTO_APPROVED]
    spam = sum(not is_recommendable(ReviewStatus.AUTO_APPROVED, post.scores) for post in approved)
    assert 0.005 <= waiting / POSTS <= 0.02
    assert 0.01 <= sensitive / POSTS <= 0.03
    assert 0.005 <= spam / POSTS <= 0.02


def test_reactions_lie_between_post_and_now_and_nobody_likes_twice() -> None:
    events = [
        (post, event)
        for post in PAST
        for event in past_reactions(WORLD.seed, post, WORLD.fans, AS_OF)
    ]
    assert 10_000 <= len(events) <= 40_000
    assert all(
        post.created_at - 0.001 <= seconds(event.timestamp) <= AS_OF for post, event in events
    )
    ids = [event.event_id for _, event in events]
    assert len(set(ids)) == len(ids)
    likes = [
        (event.post_id, event.user_id)
        for _, event in events
        if event.type is EngagementType.LIKE and event.user_id
    ]
    assert len(set(likes)) == len(likes)


def test_attention_is_unequal() -> None:
    pulls = sorted((post.pull for post in PAST), reverse=True)
    top_tenth = sum(pulls[: POSTS // 10])
    assert 0.35 <= top_tenth / sum(pulls) <= 0.8
    assert any(post.burst for post in PAST)
