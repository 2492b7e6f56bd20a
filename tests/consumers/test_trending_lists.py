"""Which trending lists a post is put into and taken out of."""

import pytest
from msgspec.structs import replace

from consumers.trending_lists import place, writes
from domain.engagement import EngagementState, contribution_of_person, fold
from domain.events import EngagementType
from domain.moderation import ReviewStatus
from domain.posts import PostRecord
from tests.consumers.log import NOON
from tests.contracts.events import ingestion, moderation
from tests.fakes.posts import MemoryPosts

ALL_WINDOWS = 7


async def record() -> PostRecord:
    posts = MemoryPosts()
    told = ingestion("p", tags=["cats", "dogs"], categories={"pets": 0.9, "art": 0.5})
    await posts.ingest([told])
    await posts.moderate([moderation("p", spam_score=0.0)])
    (found,) = await posts.get_many(["p"])
    assert found is not None
    return found


def liked(people: int, *, region: str | None = "DE") -> EngagementState:
    state = EngagementState()
    for person in range(people):
        one = contribution_of_person(EngagementType.LIKE, 1, 1, NOON, person, region)
        fold(state, one)
    return state


async def test_a_post_with_enough_people_is_in_the_lists_of_all_its_scopes() -> None:
    state = liked(3)
    assert place(state, await record()) == {}
    scopes = ["global", "region:DE", "cat:pets", "cat:art", "tag:cats", "tag:dogs"]
    assert state.scopes == dict.fromkeys(scopes, ALL_WINDOWS)
    written = {write.name: write for write in writes({"p": state}, {})}
    assert len(written) == 18
    assert set(written["trending:DAY:region:DE"].put) == {"p"}
    assert not any(write.remove for write in written.values())


async def test_a_post_below_the_thresholds_is_in_none_and_costs_no_write() -> None:
    state = liked(2)
    assert place(state, await record()) == {}
    assert state.scopes == {}
    assert writes({"p": state}, {}) == []


@pytest.mark.parametrize(
    "change",
    [
        {"status": ReviewStatus.REJECTED},
        {"status": ReviewStatus.SHADOW_BANNED},
        {"status": ReviewStatus.UNCLASSIFIED},
        {"deleted": True},
    ],
)
async def test_a_withdrawn_post_leaves_every_list(change: dict[str, object]) -> None:
    known, state = await record(), liked(3)
    place(state, known)
    before = dict(state.scopes)
    left = place(state, replace(known, **change))
    assert left == before
    assert state.scopes == {}
    written = writes({"p": state}, {"p": left})
    assert len(written) == 18
    assert all(list(write.remove) == ["p"] and not write.put for write in written)


async def test_only_what_changed_is_left() -> None:
    known, state = await record(), liked(3)
    place(state, known)
    left = place(state, replace(known, categories=known.categories[:1], hashtags=("birds",)))
    assert left == dict.fromkeys(["cat:art", "tag:cats", "tag:dogs"], ALL_WINDOWS)
    assert set(state.scopes) == {"global", "region:DE", "cat:pets", "tag:birds"}


async def test_windows_are_left_one_by_one() -> None:
    known, state = await record(), liked(3)
    place(state, known)
    fold(state, contribution_of_person(EngagementType.LIKE, 1, 1, NOON + 7_200, 0, None))
    left = place(state, known)
    assert left["global"] == 1  # the hour: only one person is left in it
    assert state.scopes["global"] == ALL_WINDOWS - 1


def test_a_post_that_is_unknown_is_in_no_list() -> None:
    state = liked(9)
    assert place(state, None) == {}
    assert state.scopes == {}
