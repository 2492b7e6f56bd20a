"""The simulated people and services act as told, within the contract's bounds."""

import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import jwt
import msgspec

from demo.fill import FOLLOW_SPAN, story
from demo.signing_key import ensure_key
from demo.simulation.answers import (
    Answer,
    CategoryRead,
    CreatorRead,
    EdgeRead,
    PostCategoryRead,
    PostRead,
)
from demo.simulation.client import OPERATIONS
from demo.simulation.known_posts import MOST, KnownPost, KnownPosts
from demo.simulation.tokens import Tokens
from demo.simulation.upstream import Upstream
from demo.simulation.visitors import react
from demo.world.people import Person
from demo.world.world import make_world
from domain.events import (
    EngagementType,
    EngagementUpdated,
    ModerationResult,
    PostIngested,
    UserFollowed,
    UserUpdated,
    seconds,
)
from tests.fakes.clock import FixedClock

NOW = 1_800_000_000.0
COOK = Person("v-1", "cook", "A Cook", "DE", "en", ("food", "travel"), 1.0)


def _edge(number: int, category: str, *, followed: bool | None = False) -> EdgeRead:
    post = PostRead(
        id=f"post-{number}",
        created_at=datetime.fromtimestamp(NOW, UTC),
        creator=CreatorRead(f"creator-{number}", followed),
        categories=[PostCategoryRead(CategoryRead(category))],
    )
    return EdgeRead(f"token-{number}", post)


def test_people_look_longer_at_and_like_what_is_to_their_taste() -> None:
    edges = [_edge(n, "food" if n % 2 else "sports") for n in range(1_000)]
    done = react(random.Random(1), COOK, edges)
    count = Counter((row["action"], _is_food(row)) for row in done)
    assert count["VIEW", True] == count["VIEW", False] == 500
    assert 140 <= count["LIKE", True] <= 210
    assert count["LIKE", False] <= 25
    assert count["NOT_INTERESTED", True] == 0
    assert count["NOT_INTERESTED", False] > 0
    assert all(row["impressionToken"] for row in done if row["action"] != "FOLLOW")
    looks = [row["durationMs"] for row in done if row["action"] == "VIEW"]
    assert all(isinstance(look, int) and 0 <= look <= 86_400_000 for look in looks)


def _is_food(row: dict[str, object]) -> bool:
    target = row["target"]
    assert isinstance(target, dict)
    name = str(next(iter(target.values())))  # pyright: ignore[reportUnknownArgumentType] - of either kind
    return int(name.rpartition("-")[2]) % 2 == 1


def test_nobody_follows_whom_one_follows_already() -> None:
    edges = [_edge(n, "food", followed=True) for n in range(1_000)]
    assert "FOLLOW" not in {row["action"] for row in react(random.Random(1), COOK, edges)}


def test_new_posts_come_with_their_judgment_and_once_with_their_creator() -> None:
    world = make_world(creators=16, viewers=40)
    upstream = Upstream(world, KnownPosts(), random.Random(1))
    told = [event for n in range(60) for event in upstream.post(NOW + n)]
    posts = [event for event in told if isinstance(event, PostIngested)]
    judged = [event for event in told if isinstance(event, ModerationResult)]
    people = [event.user_id for event in told if isinstance(event, UserUpdated)]
    assert [post.post_id for post in posts] == [result.post_id for result in judged]
    assert len({post.post_id for post in posts}) == 60
    assert len(set(people)) == len(people)
    assert {post.author_id for post in posts} == set(people)


def test_services_react_to_what_is_known_with_ids_of_their_own() -> None:
    known = KnownPosts()
    upstream = Upstream(make_world(creators=16, viewers=40), known, random.Random(1))
    assert upstream.reaction(NOW) == ()
    known.meet(KnownPost("p-1", "food", "DE", 10.0, NOW - 60.0))
    reactions = [event for n in range(200) for event in upstream.reaction(NOW + n)]
    assert len(reactions) == 200
    for event in reactions:
        assert isinstance(event, EngagementUpdated)
        assert event.post_id == "p-1"
        assert event.delta == 1 or (event.type is EngagementType.VIEW and event.user_id is None)
    assert (
        len({event.event_id for event in reactions if isinstance(event, EngagementUpdated)}) == 200
    )


def test_known_posts_are_bounded_and_old_ones_lose_interest() -> None:
    known = KnownPosts()
    for n in range(MOST + 5):
        known.meet(KnownPost(f"p-{n}", None, None, 1.0, NOW - (86_400.0 if n % 2 else 0.0)))
    assert len(known) == MOST
    draw = random.Random(3)
    drawn = [known.draw(draw, NOW + 200.0 * n) for n in range(400)]
    old = sum(post is not None and post.created_at < NOW for post in drawn)
    assert old < 40


def test_tokens_are_signed_for_the_person_and_renewed_in_time(tmp_path: Path) -> None:
    key, jwks = ensure_key(tmp_path)
    clock = FixedClock(NOW)
    tokens = Tokens(key, [COOK], "issuer", "audience", clock)
    first = tokens.of("v-1")
    clock.advance(500.0)
    assert tokens.of("v-1") == first
    clock.advance(200.0)
    assert tokens.of("v-1") != first
    public = jwt.PyJWKSet.from_json(jwks.read_text()).keys[0]
    claims = jwt.decode(
        first,
        public,
        algorithms=["RS256"],
        audience="audience",
        issuer="issuer",
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    assert (claims["sub"], claims["region"]) == ("v-1", "DE")


def test_the_stored_operations_that_people_use_are_there() -> None:
    for name in ("Explore", "TrackInteractions", "SetOnboardingCategories"):
        assert (OPERATIONS / f"{name}.graphql").is_file()


def test_answers_are_read_with_what_is_not_needed_left_aside() -> None:
    text = (
        '{"data": {"explore": {"edges": [], "pageInfo": {"hasNextPage": false, "endCursor": null},'
        ' "feed": {}}}, "errors": [{"message": "m", "path": ["a"],'
        ' "extensions": {"code": "RATE_LIMITED", "retryAfterMs": 1500}}]}'
    )
    answer = msgspec.json.decode(text, type=Answer)
    assert answer.data is not None
    assert answer.errors[0].extensions.retry_after_ms == 1_500


def test_the_past_is_told_people_first_and_the_same_each_time() -> None:
    world = make_world(creators=32, viewers=60)
    told = [event for events in story(world, NOW) for event in events]
    assert told == [event for events in story(world, NOW) for event in events]
    assert all(isinstance(event, UserUpdated) for event in told[:32])
    follows = [event for event in told if isinstance(event, UserFollowed)]
    assert len(follows) == len(world.follows)
    assert all(NOW - FOLLOW_SPAN <= seconds(event.timestamp) <= NOW for event in follows)
    reactions = [seconds(e.timestamp) for e in told if isinstance(e, EngagementUpdated)]
    assert reactions == sorted(reactions)
