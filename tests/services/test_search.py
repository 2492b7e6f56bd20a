"""Search and related posts: found, checked again, gone through by cursors."""

import pytest

from domain import pools
from domain.errors import InvalidInput
from domain.events import Decision
from domain.viewer import (
    ContentSettings,
    Hidden,
    InterestState,
    Statement,
    TargetKind,
    ViewerState,
)
from services.inputs import SearchFilter, SettingsChange
from services.pages import CreatorCard, HashtagCard, Page, PostCard, SearchItem, SearchType
from services.search_queries import HITS
from tests.services.world import World


async def search(  # noqa: PLR0913 - the field's arguments
    world: World,
    query: str,
    kind: SearchType = SearchType.POSTS,
    *,
    viewer: str | None = None,
    first: int = 10,
    after: str | None = None,
    wanted: SearchFilter | None = None,
) -> Page[SearchItem]:
    found = await world.services.search.search(
        await world.request(viewer, after=after),
        query=query,
        type=kind,
        first=first,
        after=after,
        filter=wanted or SearchFilter(),
    )
    await world.settle()
    return found


def ids(found: Page[SearchItem]) -> list[str]:
    return [item.result.record.id for item in found.items if isinstance(item.result, PostCard)]


async def fill(world: World) -> None:
    await world.category("music")
    await world.creator("ann", "ann.jazz", "Ann")
    for number in range(12):
        await world.post(
            f"p{number:02}",
            author="ann",
            age=60.0 * (number + 1),
            text=f"Jazz night {number}",
            tags=["jazz"] if number % 2 else ["jam"],
            language="en" if number < 6 else "de",
        )
    await world.start()


async def test_posts_are_found_with_marks_tokens_and_a_total(world: World) -> None:
    await fill(world)
    found = await search(world, "jazz", viewer="me")
    assert found.total == 12
    assert len(found.items) == 10
    assert found.has_next
    assert all("<mark>Jazz</mark>" in item.highlights[0] for item in found.items)
    assert all(item.token for item in found.items)
    rest = await search(world, "jazz", viewer="me", after=found.items[-1].cursor)
    assert sorted(ids(found) + ids(rest)) == [f"p{number:02}" for number in range(12)]
    assert rest.total == 12
    assert all("<mark>Jazz</mark>" in item.highlights[0] for item in rest.items)


@pytest.mark.parametrize("kind", [SearchType.POSTS, SearchType.HASHTAGS])
async def test_a_list_ends_after_the_best_of_what_matches(world: World, kind: SearchType) -> None:
    for number in range(HITS + 30):
        await world.post(f"p{number:03}", text="Jazz night", tags=[f"jazz{number:03}"])
    await world.start()
    found = await search(world, "jazz", kind, first=100)
    shown = list(found.items)
    while found.has_next:
        assert len(found.items) == 100
        found = await search(world, "jazz", kind, first=100, after=shown[-1].cursor)
        shown += found.items
        assert found.total == HITS + 30
    assert len(shown) == len({str(item.result) for item in shown}) == HITS
    behind = await search(world, "jazz", kind, after=shown[-1].cursor)
    assert (behind.items, behind.has_next) == ((), False)


async def test_what_was_withdrawn_meanwhile_is_not_shown(world: World) -> None:
    await fill(world)
    first = await search(world, "jazz", first=3)
    later = ids(await search(world, "jazz", first=3, after=first.items[-1].cursor))
    await world.judge(later[0], Decision.REJECT, "human:mod")
    await world.services.cache.poll()
    again = ids(await search(world, "jazz", first=3, after=first.items[-1].cursor))
    assert later[0] not in again
    assert len(again) == 3


async def test_an_engine_that_lags_behind_shows_nothing_withdrawn(world: World) -> None:
    await fill(world)
    assert "p03" in ids(await search(world, "jazz", first=20))
    table = world.services.cache.catalog.table
    table.columns.recommendable[table.row("p03")] = False
    assert "p03" not in ids(await search(world, "jazz", first=20))


async def test_filters_narrow_the_search(world: World) -> None:
    await fill(world)
    assert (await search(world, "jazz", wanted=SearchFilter(language="DE"))).total == 6
    assert (await search(world, "jazz", wanted=SearchFilter(hashtag="#Jam"))).total == 6
    since = world.clock.now() - 200.0
    assert (await search(world, "jazz", wanted=SearchFilter(since=since))).total == 3


@pytest.mark.parametrize(
    ("query", "wanted", "field"),
    [
        ("", SearchFilter(), "query"),
        ("   ", SearchFilter(), "query"),
        ("x" * 257, SearchFilter(), "query"),
        ("a\0b", SearchFilter(), "query"),
        ("jazz", SearchFilter(category="nope"), "filter.category"),
        ("jazz", SearchFilter(hashtag="#"), "filter.hashtag"),
        ("jazz", SearchFilter(language="!"), "filter.language"),
        ("jazz", SearchFilter(region="germany"), "filter.region"),
        ("jazz", SearchFilter(since=5.0, until=4.0), "filter.since"),
    ],
)
async def test_what_cannot_be_searched_for_is_refused(
    world: World, query: str, wanted: SearchFilter, field: str
) -> None:
    await fill(world)
    with pytest.raises(InvalidInput) as refused:
        await search(world, query, wanted=wanted)
    assert refused.value.field == field


async def test_creators_and_hashtags_are_found(world: World) -> None:
    await fill(world)
    creators = await search(world, "ann", SearchType.CREATORS)
    assert creators.total == 1
    (item,) = creators.items
    assert isinstance(item.result, CreatorCard)
    assert item.result.record.handle == "ann.jazz"
    assert item.token is None
    hashtags = await search(world, "ja", SearchType.HASHTAGS)
    assert [i.result for i in hashtags.items] == [HashtagCard("jam", 6), HashtagCard("jazz", 6)]
    nothing = await search(world, "zzz", SearchType.HASHTAGS)
    assert (nothing.items, nothing.total) == ((), 0)


async def test_suggestions_have_a_type(world: World) -> None:
    await fill(world)
    found = await world.services.search.suggest(await world.request(), prefix="ja", first=2)
    assert [(one.text, one.type) for one in found] == [
        ("jam", "HASHTAGS"),
        ("ann.jazz", "CREATORS"),
    ]
    with pytest.raises(InvalidInput):
        await world.services.search.suggest(await world.request(), prefix="ja", first=21)


async def test_titles_are_suggested_to_those_who_would_find_the_post(world: World) -> None:
    await world.post("plain", title="Jar of jam", author="ann")
    await world.post("bare", title="Jar of skin", nsfw=0.9)
    await world.post("twin", title="Jar of jam")
    await world.start()
    await world.services.viewer.update_settings(
        await world.request("you"), SettingsChange(show_sensitive=True)
    )

    async def titles(viewer: str | None) -> list[str]:
        request = await world.request(viewer)
        found = await world.services.search.suggest(request, prefix="jar", first=5)
        return [one.text for one in found]

    assert await titles("me") == ["Jar of jam"]
    assert sorted(await titles("you")) == ["Jar of jam", "Jar of skin"]
    await world.judge("twin", Decision.REJECT)
    await world.judge("plain", Decision.REJECT)
    await world.settle()
    assert await titles("me") == []


async def test_related_posts_share_hashtags_topic_or_creator(world: World) -> None:
    await world.post("this", author="ann", category="music", tags=["jazz", "live"])
    await world.post("both", author="x", category="music", tags=["jazz", "live"])
    await world.post("one", author="y", category="food", tags=["jazz"])
    await world.post("topic", author="z", category="music", tags=["choir"])
    await world.post("nothing", author="w", category="food", tags=["soup"])
    await world.start()
    found = await world.services.related.page(await world.request(), "this", first=10, after=None)
    assert [item.card.record.id for item in found.items] == ["both", "topic", "one"]
    await world.pools.replace(pools.similar("this"), {"nothing": 0.4})
    world.clock.advance(61.0)
    found = await world.services.related.page(await world.request(), "this", first=10, after=None)
    assert [item.card.record.id for item in found.items] == ["nothing", "both", "topic", "one"]
    nowhere = await world.services.related.page(
        await world.request(), "nope", first=10, after=None
    )
    assert nowhere.items == ()


async def test_posts_that_a_bounded_index_does_not_hold_are_found_all_the_same(
    world: World,
) -> None:
    world.restart(search_capacity=5)
    await fill(world)
    found = await search(world, "jazz", first=4)
    assert found.total == 12
    assert found.info is not None
    assert found.info.degraded_sources == ()
    shown = ids(found)
    asked = world.postgresql.calls["posts"]
    while found.has_next:
        found = await search(world, "jazz", first=4, after=found.items[-1].cursor)
        shown += ids(found)
        assert found.total == 12
        assert all("<mark>Jazz</mark>" in item.highlights[0] for item in found.items)
    assert sorted(shown) == [f"p{number:02}" for number in range(12)]
    assert world.postgresql.calls["posts"] == asked  # the list stands from its first page on


async def test_an_index_that_holds_all_posts_is_asked_alone(world: World) -> None:
    await fill(world)
    assert (await search(world, "jazz")).total == 12
    assert (await search(world, "ann", SearchType.CREATORS)).total == 1
    await world.services.search.suggest(await world.request(), prefix="ja", first=20)
    assert not world.postgresql.calls.keys() & {"posts", "creators", "hashtags", "suggest"}


async def test_a_bounded_index_alone_says_what_it_has_and_that_it_is_not_all(
    world: World,
) -> None:
    world.restart(search_capacity=5)
    await fill(world)
    world.postgresql.away = True
    found = await search(world, "jazz")
    assert sorted(ids(found)) == [f"p{number:02}" for number in range(5)]
    assert found.total is None
    assert found.info is not None
    assert found.info.degraded_sources == ("SEARCH",)


async def test_names_and_suggestions_reach_beyond_a_bounded_index(world: World) -> None:
    world.restart(search_capacity=1)
    await fill(world)  # the newest post's only hashtag is "jam"
    hashtags = await search(world, "ja", SearchType.HASHTAGS)
    assert [i.result for i in hashtags.items] == [HashtagCard("jam", 6), HashtagCard("jazz", 6)]
    assert hashtags.total == 2
    found = await world.services.search.suggest(await world.request(), prefix="ja", first=3)
    assert [(one.text, one.type) for one in found] == [
        ("jam", "HASHTAGS"),
        ("ann.jazz", "CREATORS"),
        ("jazz", "HASHTAGS"),
    ]


@pytest.mark.parametrize(
    "state",
    [
        ViewerState(version=1, settings=ContentSettings(muted_keywords=("spoiler",))),
        ViewerState(version=1, blocked=("ann",)),
        ViewerState(version=1, hidden=(Hidden(TargetKind.CREATOR, "ann", 2e9),)),
        ViewerState(version=1, hidden=(Hidden(TargetKind.POST, "p", 2e9),)),
        *(
            ViewerState(version=1, statements=(Statement(kind, name, InterestState.MUTED, 1.0),))
            for kind, name in (
                (TargetKind.CREATOR, "ann"),
                (TargetKind.CATEGORY, "film"),
                (TargetKind.HASHTAG, "ending"),
            )
        ),
    ],
)
async def test_titles_of_what_the_caller_does_not_want_are_not_suggested(
    world: World, state: ViewerState
) -> None:
    await world.post("p", author="ann", category="film", tags=["ending"], title="Spoiler of it")
    await world.start()
    suggest = world.services.search.suggest
    found = await suggest(await world.request("me"), prefix="spoil", first=5)
    assert [one.text for one in found] == ["Spoiler of it"]
    world.viewers.kept_states["me"] = state
    assert not await suggest(await world.request("me"), prefix="spoil", first=5)


async def test_creators_found_are_gone_through_in_another_process(world: World) -> None:
    for number in range(5):
        await world.creator(f"c{number}", f"anna{number}", "Anna")
        await world.post(f"of-{number}", author=f"c{number}", judged=False)
    await world.start()
    first = await search(world, "anna", SearchType.CREATORS, first=2)
    world.restart()
    await world.start()
    after = first.items[-1].cursor
    second = await search(world, "anna", SearchType.CREATORS, first=3, after=after)
    shown = [item.result for item in (*first.items, *second.items)]
    found = {card.record.id for card in shown if isinstance(card, CreatorCard)}
    assert found == {f"c{number}" for number in range(5)}
    assert second.total == 5
