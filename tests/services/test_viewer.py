"""The caller's own taste and settings."""

from domain.interest_reading import Maturity
from domain.viewer import MAX_STATEMENTS, InterestState, Statement, TargetKind, ViewerState
from services.inputs import InterestChange, SettingsChange, Target, Unset
from services.outcomes import UserErrorCode
from tests.services.world import World, creator_gid


async def start(world: World) -> None:
    for slug in ("music", "film"):
        await world.category(slug)
    await world.creator("ann", "ann.a", "Ann A.")
    await world.post("a", author="ann", tags=["jazz"])
    await world.start()


async def test_a_newcomer_has_no_interests(world: World) -> None:
    await start(world)
    view = await world.services.viewer.interests(await world.request("me"))
    assert view.maturity is Maturity.COLD
    assert (view.topics, view.creators, view.hashtags) == ((), (), ())
    assert view.updated_at is None


async def test_topics_are_chosen_anew_each_time(world: World) -> None:
    await start(world)
    viewer = world.services.viewer
    await viewer.set_onboarding(await world.request("me"), ["music", "music"])
    outcome = await viewer.set_onboarding(await world.request("me"), ["film"])
    assert outcome.value is not None
    assert [(t.category.slug, t.state) for t in outcome.value.topics] == [
        ("film", InterestState.CHOSEN)
    ]


async def test_unknown_topics_are_named_and_nothing_changes(world: World) -> None:
    await start(world)
    outcome = await world.services.viewer.set_onboarding(
        await world.request("me"), ["music", "nope"]
    )
    (error,) = outcome.errors
    assert error.code is UserErrorCode.NOT_FOUND
    assert error.path == ("input", "slugs", "1")
    assert world.viewers.kept_states == {}


async def test_interests_are_pinned_muted_and_forgotten(world: World) -> None:
    await start(world)
    viewer = world.services.viewer
    for target, change, strength in (
        (Target(category="music"), InterestChange.PIN, 1.0),
        (Target(creator_global_id=creator_gid("ann")), InterestChange.MUTE, -1.0),
        (Target(hashtag="#Jazz"), InterestChange.PIN, 1.0),
    ):
        outcome = await viewer.update_interest(await world.request("me"), target, change)
        assert outcome.value is not None
        every = [*outcome.value.topics, *outcome.value.creators, *outcome.value.hashtags]
        assert strength in [interest.strength for interest in every]
    view = await viewer.interests(await world.request("me"))
    assert [topic.category.slug for topic in view.topics] == ["music"]
    assert [creator.creator.record.display_name for creator in view.creators] == ["Ann A."]
    assert [(tag.hashtag.name, tag.hashtag.post_count) for tag in view.hashtags] == [("jazz", 1)]
    assert view.updated_at == world.clock.now()
    outcome = await viewer.update_interest(
        await world.request("me"), Target(category="music"), InterestChange.FORGET
    )
    assert outcome.value is not None
    assert outcome.value.topics == ()


async def test_what_is_not_there_cannot_be_pinned(world: World) -> None:
    await start(world)
    for target, path in (
        (Target(category="nope"), "category"),
        (Target(creator_global_id=creator_gid("nobody")), "creatorId"),
        (Target(creator_global_id="broken"), "creatorId"),
        (Target(hashtag=" "), "hashtag"),
    ):
        outcome = await world.services.viewer.update_interest(
            await world.request("me"), target, InterestChange.PIN
        )
        (error,) = outcome.errors
        assert (error.code, error.path) == ("NOT_FOUND", ("input", "target", path))


async def test_statements_are_bounded(world: World) -> None:
    await start(world)
    statements = tuple(
        Statement(TargetKind.HASHTAG, f"t{number}", InterestState.MUTED, 1.0)
        for number in range(MAX_STATEMENTS)
    )
    world.viewers.kept_states["me"] = ViewerState(version=1, statements=statements)
    viewer = world.services.viewer
    outcome = await viewer.update_interest(
        await world.request("me"), Target(category="music"), InterestChange.PIN
    )
    assert outcome.errors[0].code is UserErrorCode.TOO_MANY
    outcome = await viewer.update_interest(
        await world.request("me"), Target(hashtag="t7"), InterestChange.PIN
    )
    assert outcome.errors == ()


async def test_a_reset_keeps_mutes_and_settings(world: World) -> None:
    await start(world)
    viewer = world.services.viewer
    await viewer.set_onboarding(await world.request("me"), ["music"])
    await viewer.update_interest(
        await world.request("me"), Target(category="film"), InterestChange.MUTE
    )
    await viewer.update_settings(await world.request("me"), SettingsChange(region="DE"))
    outcome = await viewer.reset(await world.request("me"))
    assert outcome.value is not None
    assert [(t.category.slug, t.state) for t in outcome.value.topics] == [
        ("film", InterestState.MUTED)
    ]
    settings = await viewer.settings(await world.request("me"))
    assert settings.region == "DE"


async def test_settings_change_only_what_is_given(world: World) -> None:
    await start(world)
    viewer = world.services.viewer
    change = SettingsChange(
        show_sensitive=True, languages=("EN", "de", "en"), region="DE", muted_keywords=(" A  b ",)
    )
    outcome = await viewer.update_settings(await world.request("me"), change)
    assert outcome.value is not None
    assert outcome.value.languages == ("en", "de")
    assert outcome.value.muted_keywords == ("a b",)
    outcome = await viewer.update_settings(
        await world.request("me"), SettingsChange(region=Unset.UNSET, show_sensitive=False)
    )
    assert outcome.value is not None
    assert outcome.value.region == "DE"
    assert outcome.value.show_sensitive is False
    outcome = await viewer.update_settings(await world.request("me"), SettingsChange(region=None))
    assert outcome.value is not None
    assert outcome.value.region is None


async def test_settings_that_are_none_are_refused_one_by_one(world: World) -> None:
    await start(world)
    change = SettingsChange(
        languages=("en", "not a tag"), region="de", muted_keywords=("ok", " ", "x" * 101)
    )
    outcome = await world.services.viewer.update_settings(await world.request("me"), change)
    assert [error.path for error in outcome.errors] == [
        ("input", "languages", "1"),
        ("input", "mutedKeywords", "1"),
        ("input", "mutedKeywords", "2"),
        ("input", "region"),
    ]
    too_many = SettingsChange(muted_keywords=tuple(f"w{number}" for number in range(101)))
    outcome = await world.services.viewer.update_settings(await world.request("me"), too_many)
    assert [error.code for error in outcome.errors] == [UserErrorCode.TOO_MANY]


async def test_a_later_field_of_one_request_sees_the_earlier_change(world: World) -> None:
    await start(world)
    context = await world.request("me")
    await world.services.viewer.set_onboarding(context, ["music"])
    outcome = await world.services.viewer.update_interest(
        context, Target(category="film"), InterestChange.PIN
    )
    assert outcome.value is not None
    assert [topic.category.slug for topic in outcome.value.topics] == ["film", "music"]


async def test_a_change_builds_on_what_the_fast_store_lost(world: World) -> None:
    await start(world)
    await world.states.write("me", ViewerState(version=7, blocked=("troll",)))
    change = SettingsChange(show_sensitive=True)
    await world.services.viewer.update_settings(await world.request("me"), change)
    await world.settle()
    kept = world.viewers.kept_states["me"]
    assert (kept.version, kept.blocked, kept.settings.show_sensitive) == (8, ("troll",), True)
    assert await world.states.read("me") == kept


async def test_a_newcomer_changes_settings_without_the_durable_store(world: World) -> None:
    await start(world)
    world.postgresql.away = True
    change = SettingsChange(show_sensitive=True)
    outcome = await world.services.viewer.update_settings(await world.request("me"), change)
    assert outcome.value is not None
    assert world.viewers.kept_states["me"].version == 1
