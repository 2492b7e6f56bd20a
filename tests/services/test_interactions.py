"""What callers did: mistakes, repeats, tokens, and nothing accepted without Kafka."""

from collections.abc import Sequence

import pytest

from domain.errors import NotSignedIn, Unavailable
from domain.events import Action, Decision, EngagementType, UserInteraction
from domain.identifiers import stable_key
from domain.interests import InterestProfile
from domain.moderation import SafetyReason
from domain.ports.reactions import Reaction
from domain.viewer import MAX_RECENT_ACTIONS
from services.inputs import Interaction, Report, Target
from services.outcomes import Recorded, UserErrorCode
from services.pages import PostCard
from tests.services.world import World, creator_gid, post_gid

MS = 1_000


def on_post(post_id: str, action: Action, **fields: object) -> Interaction:
    target = Target(post_global_id=post_gid(post_id))
    return Interaction(target, action, **fields)  # pyright: ignore[reportArgumentType] - the test's own


async def track(
    world: World, *interactions: Interaction, viewer: str = "me"
) -> Sequence[Recorded]:
    context = await world.request(viewer)
    answers = await world.services.interactions.track(context, interactions)
    await world.settle()
    return answers


async def served_token(world: World, viewer: str, post_id: str) -> str:
    found = await world.services.explore.page(
        await world.request(viewer), first=50, after=None, region=None
    )
    return next(item.token for item in found.items if item.card.record.id == post_id)


async def has_liked(world: World, viewer: str, post_id: str) -> bool:
    context = await world.request(viewer)
    (card,) = await world.services.nodes.get_many(context, [post_gid(post_id)])
    assert isinstance(card, PostCard)
    assert card.viewer_state is not None
    return card.viewer_state.has_liked


@pytest.fixture(autouse=True)
async def posts(world: World) -> None:
    for name in ("a", "b", "c"):
        await world.post(name, author="ann", rising=9.0)
    await world.start()


def events(world: World) -> list[UserInteraction]:
    return [event for event in world.events.events if isinstance(event, UserInteraction)]


async def test_a_like_is_published_and_shows_from_the_next_request_on(world: World) -> None:
    assert await track(world, on_post("a", Action.LIKE)) == [Recorded(recorded=True)]
    (event,) = events(world)
    assert event.user_id == "me"
    assert event.post_id == "a"
    assert event.action is Action.LIKE
    assert event.timestamp == world.clock.now() * MS
    assert event.attribution is None
    assert await has_liked(world, "me", "a")
    assert not await has_liked(world, "you", "a")


async def test_setting_what_is_set_and_undoing_what_is_not_is_a_repeat(world: World) -> None:
    for action, recorded in (
        (Action.UNLIKE, False),
        (Action.LIKE, True),
        (Action.LIKE, False),
        (Action.UNLIKE, True),
        (Action.UNLIKE, False),
        (Action.LIKE, True),
        (Action.SAVE, True),
        (Action.SAVE, False),
        (Action.UNSAVE, True),
        (Action.NOT_INTERESTED, True),
        (Action.NOT_INTERESTED, False),
    ):
        (answer,) = await track(world, on_post("a", action))
        assert (action, answer.recorded) == (action, recorded)
    assert len(events(world)) == 6


async def test_repeats_within_one_batch_are_told_apart(world: World) -> None:
    like = on_post("a", Action.LIKE)
    answers = await track(world, like, like, on_post("b", Action.LIKE))
    assert [answer.recorded for answer in answers] == [True, False, True]
    assert [event.post_id for event in events(world)] == ["a", "b"]


async def test_following_is_a_set_too(world: World) -> None:
    follow = Interaction(Target(creator_global_id=creator_gid("ann")), Action.FOLLOW)
    tag = Interaction(Target(hashtag="#Jazz"), Action.HASHTAG_FOLLOW)
    assert [a.recorded for a in await track(world, follow, tag)] == [True, True]
    assert [a.recorded for a in await track(world, follow, tag)] == [False, False]
    assert events(world)[0].creator_id == "ann"
    assert events(world)[1].hashtag == "jazz"
    (card,) = await world.services.creators.get_many(await world.request("me"), ["ann"])
    assert card is not None
    assert card.is_followed is True


async def test_without_a_token_the_same_within_ten_minutes_is_a_repeat(world: World) -> None:
    share = on_post("a", Action.SHARE)
    assert [a.recorded for a in await track(world, share)] == [True]
    world.clock.advance(599.0)
    assert [a.recorded for a in await track(world, share)] == [False]
    world.clock.advance(1.0)
    assert [a.recorded for a in await track(world, share)] == [True]
    assert [a.recorded for a in await track(world, on_post("b", Action.SHARE))] == [True]


async def test_a_token_counts_once_for_each_action(world: World) -> None:
    token = await served_token(world, "me", "a")
    view = on_post("a", Action.VIEW, token=token, duration_ms=6_000)
    assert [a.recorded for a in await track(world, view)] == [True]
    world.clock.advance(3_600.0)
    assert [a.recorded for a in await track(world, view)] == [False]
    assert [a.recorded for a in await track(world, on_post("a", Action.SHARE, token=token))] == [
        True
    ]
    attribution = events(world)[0].attribution
    assert attribution is not None
    assert attribution.surface == "explore"
    assert attribution.request_id == "request"
    assert events(world)[0].event_id != events(world)[1].event_id


@pytest.mark.parametrize("wrong", ["of another post", "of another viewer", "forged", "over"])
async def test_a_token_that_does_not_fit_is_refused(world: World, wrong: str) -> None:
    viewer = "you" if wrong == "of another viewer" else "me"
    token = await served_token(world, viewer, "b" if wrong == "of another post" else "a")
    code = UserErrorCode.TOKEN_INVALID
    if wrong == "forged":
        token = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    if wrong == "over":
        world.clock.advance(86_401.0)
        code = UserErrorCode.TOKEN_EXPIRED
    (answer,) = await track(world, on_post("a", Action.LIKE, token=token))
    assert not answer.recorded
    (error,) = answer.errors
    assert error.code is code
    assert error.path == ("input", "impressionToken")
    assert world.events.events == []


@pytest.mark.parametrize(
    ("interaction", "code", "path"),
    [
        (on_post("nope", Action.LIKE), "NOT_FOUND", ("input", "target", "postId")),
        (
            Interaction(Target(post_global_id="broken"), Action.LIKE),
            "NOT_FOUND",
            ("input", "target", "postId"),
        ),
        (
            Interaction(Target(post_global_id=creator_gid("ann")), Action.LIKE),
            "NOT_FOUND",
            ("input", "target", "postId"),
        ),
        (
            Interaction(Target(creator_global_id=creator_gid("nobody")), Action.FOLLOW),
            "NOT_FOUND",
            ("input", "target", "creatorId"),
        ),
        (
            Interaction(Target(hashtag="  "), Action.HASHTAG_FOLLOW),
            "NOT_FOUND",
            ("input", "target", "hashtag"),
        ),
        (on_post("a", Action.FOLLOW), "INVALID_VALUE", ("input", "action")),
        (
            Interaction(Target(creator_global_id=creator_gid("ann")), Action.LIKE),
            "INVALID_VALUE",
            ("input", "action"),
        ),
        (on_post("a", Action.LIKE, duration_ms=5), "INVALID_VALUE", ("input", "durationMs")),
        (on_post("a", Action.VIEW, duration_ms=-1), "OUT_OF_RANGE", ("input", "durationMs")),
        (
            on_post("a", Action.VIEW, duration_ms=86_400_001),
            "OUT_OF_RANGE",
            ("input", "durationMs"),
        ),
        (on_post("a", Action.VIEW, occurred_at=2e9), "OUT_OF_RANGE", ("input", "occurredAt")),
        (on_post("a", Action.VIEW, occurred_at=1e9), "OUT_OF_RANGE", ("input", "occurredAt")),
    ],
)
async def test_a_mistake_is_named_and_the_others_go_through(
    world: World, interaction: Interaction, code: str, path: tuple[str, ...]
) -> None:
    wrong, right = await track(world, interaction, on_post("b", Action.LIKE))
    (error,) = wrong.errors
    assert (error.code, error.path) == (code, path)
    assert not wrong.recorded
    assert right == Recorded(recorded=True)
    assert [event.post_id for event in events(world)] == ["b"]


async def test_without_kafka_nothing_is_accepted(world: World) -> None:
    world.events.away = True
    with pytest.raises(Unavailable) as failure:
        await track(world, on_post("a", Action.LIKE))
    assert failure.value.dependency == "kafka"
    assert world.viewers.kept_states == {}
    world.events.away = False
    assert await track(world, on_post("a", Action.LIKE)) == [Recorded(recorded=True)]


async def test_without_redis_the_event_is_safe_all_the_same(world: World) -> None:
    context = await world.request("me")
    world.redis.away = True
    answers = await world.services.interactions.track(context, [on_post("a", Action.LIKE)])
    assert [answer.recorded for answer in answers] == [True]
    assert len(events(world)) == 1


async def test_anonymous_callers_are_asked_to_sign_in(world: World) -> None:
    with pytest.raises(NotSignedIn):
        await world.services.interactions.track(await world.request(), [on_post("a", Action.LIKE)])


async def test_writers_at_the_same_time_lose_nothing(world: World) -> None:
    one, other = await world.request("me"), await world.request("me")
    await world.services.interactions.track(one, [on_post("a", Action.LIKE)])
    world.restart()  # another process, which read the state before the first one wrote
    await world.start()
    await world.services.interactions.track(other, [on_post("b", Action.LIKE)])
    recent = world.viewers.kept_states["me"].recent
    assert [action.target for action in recent] == ["a", "b"]


async def test_recent_actions_are_bounded_and_durable(world: World) -> None:
    for number in range(MAX_RECENT_ACTIONS + 5):
        world.clock.advance(601.0)
        await track(world, on_post("abc"[number % 3], Action.VIEW))
    state = world.viewers.kept_states["me"]
    assert len(state.recent) == MAX_RECENT_ACTIONS
    assert await world.states.read("me") == state


async def test_a_like_that_the_short_memory_forgot_can_be_undone(world: World) -> None:
    await world.reactions.apply(
        [Reaction(0, 1, world.clock.now(), "me", "a", EngagementType.LIKE, 1)]
    )
    assert [a.recorded for a in await track(world, on_post("a", Action.UNLIKE))] == [True]
    assert [a.recorded for a in await track(world, on_post("b", Action.UNLIKE))] == [False]


async def test_a_learned_like_counts_as_set(world: World) -> None:
    profile = InterestProfile(liked={stable_key("a"): world.clock.now()})
    await world.learn("me", profile)
    assert [a.recorded for a in await track(world, on_post("a", Action.LIKE))] == [False]


async def test_a_rejected_post_is_no_target(world: World) -> None:
    await world.judge("a", Decision.REJECT, "human:ann")
    await world.services.cache.poll()
    (answer,) = await track(world, on_post("a", Action.LIKE))
    assert answer.errors[0].code is UserErrorCode.NOT_FOUND


async def test_a_second_report_changes_nothing(world: World) -> None:
    report = Report(post_gid("a"), SafetyReason.SPAM, "again and again")
    interactions = world.services.interactions
    assert await interactions.report(await world.request("me"), report) == Recorded(recorded=True)
    assert await interactions.report(await world.request("me"), report) == Recorded(recorded=False)
    unknown = await interactions.report(
        await world.request("me"), Report(post_gid("nope"), SafetyReason.SPAM)
    )
    assert unknown.errors[0].code is UserErrorCode.NOT_FOUND
