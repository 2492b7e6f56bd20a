"""Snapshots, profiles, viewers' states, interactions: later ones win, repeats change nothing."""

from dataclasses import replace

import numpy as np
import pytest

from domain.accumulators import Accumulator
from domain.events import Action
from domain.interests import InterestProfile
from domain.ports.interactions import InteractionRow
from domain.ports.snapshots import Snapshot
from domain.viewer import ContentSettings, Hidden, TargetKind, ViewerState
from stores.postgres_interactions import PostgresInteractions
from stores.postgres_pool import PostgresPool
from tests.contracts.adapters import Adapters
from tests.contracts.events import NOON, ingestion, moderation

DAY = 86_400.0


async def test_a_snapshot_is_read_with_what_its_posts_are_now(adapters: Adapters) -> None:
    await adapters.posts.ingest([ingestion(f"p{n}") for n in range(3)])
    await adapters.posts.moderate([moderation(f"p{n}", spam_score=0.0) for n in range(3)])
    records = [record for record in await adapters.posts.get_many(["p2", "p0", "p1"]) if record]
    scores = np.array([3.0, 2.0, 1.0])
    await adapters.snapshots.write([Snapshot("DAY", NOON, records, scores)])
    await adapters.snapshots.write([Snapshot("DAY", NOON - 1, records[:1], scores[:1])])
    await adapters.posts.moderate([moderation("p0", 1, spam_score=0.9)])
    missing, day = await adapters.snapshots.read(["HOUR", "DAY"])
    assert missing is None
    assert day is not None
    assert (day.name, day.computed_at) == ("DAY", NOON)
    assert [record.id for record in day.records] == ["p2", "p1"]
    assert day.scores.tolist() == [3.0, 1.0]
    await adapters.snapshots.write([Snapshot("DAY", NOON + 1, [], np.array([]))])
    (day,) = await adapters.snapshots.read(["DAY"])
    assert day is not None
    assert (list(day.records), day.scores.tolist()) == ([], [])
    assert list(await adapters.snapshots.read([])) == []
    assert await adapters.snapshots.newest() == NOON + 1


async def test_without_snapshots_none_is_the_newest(adapters: Adapters) -> None:
    assert await adapters.snapshots.newest() is None


async def test_the_profile_with_the_later_fence_is_kept(adapters: Adapters) -> None:
    liked = {"cats": Accumulator(last=5, positive={1: 1.0, 4: 2.0}, negative={0: 0.25})}
    profile = InterestProfile(fence=7, at=NOON, interactions=3, topics=liked, last_active=NOON)
    await adapters.profiles.write_many({"u": profile, "v": InterestProfile(fence=1)})
    await adapters.profiles.write_many({"u": InterestProfile(fence=6)})
    read = await adapters.profiles.read_many(["x", "u", "v"])
    assert list(read) == [None, profile, InterestProfile(fence=1)]
    await adapters.profiles.write_many({})


async def test_the_later_version_of_what_a_viewer_said_is_kept(adapters: Adapters) -> None:
    state = ViewerState(
        version=2,
        settings=ContentSettings(show_sensitive=True, languages=("de",)),
        hidden=(Hidden(TargetKind.POST, "p1", NOON),),
    )
    assert await adapters.viewer_states.read("u") is None
    await adapters.viewer_states.write("u", state)
    await adapters.viewer_states.write("u", ViewerState(version=1))
    assert await adapters.viewer_states.read("u") == state


def row(sequence: int, at: float) -> InteractionRow:
    return InteractionRow(1, sequence, NOON + at, "u", Action.LIKE, "p", None, None, counted=True)


async def test_an_interaction_told_again_is_the_same(adapters: Adapters) -> None:
    await adapters.interactions.insert([row(1, 0), row(2, 0)])
    await adapters.interactions.prepare(NOON)
    await adapters.interactions.insert([row(2, 0), row(3, 1)])
    await adapters.interactions.insert([])


@pytest.mark.integration
async def test_days_are_parted_filled_from_the_default_and_dropped(
    postgres: PostgresPool, postgres_of_worker: PostgresPool
) -> None:
    interactions = PostgresInteractions(postgres_of_worker)
    await interactions.insert([row(1, 0), row(2, -400 * DAY), row(3, 2 * DAY)])
    await interactions.prepare(NOON)
    await interactions.prepare(NOON)
    await interactions.insert([row(1, 0), row(4, DAY)])
    assert await places(postgres) == {
        1: "interactions_20260921",
        2: "interactions_default",
        3: "interactions_20260923",
        4: "interactions_20260922",
    }
    await interactions.forget(NOON + DAY)
    assert await places(postgres) == {3: "interactions_20260923", 4: "interactions_20260922"}
    await interactions.prepare(NOON + DAY)
    await interactions.insert([row(5, 0)])
    assert (await places(postgres))[5] == "interactions_20260921"


@pytest.mark.integration
async def test_the_chance_of_exploration_is_kept(
    postgres: PostgresPool, postgres_of_worker: PostgresPool
) -> None:
    interactions = PostgresInteractions(postgres_of_worker)
    await interactions.insert([row(1, 0), replace(row(2, 0), propensity=0.125)])
    await interactions.prepare(NOON)
    found = await postgres.fetch("SELECT propensity FROM interactions ORDER BY sequence")
    assert [one["propensity"] for one in found] == [None, 0.125]


async def places(postgres: PostgresPool) -> dict[int, str]:
    rows = await postgres.fetch(
        "SELECT sequence, tableoid::regclass::text AS place FROM interactions ORDER BY sequence"
    )
    return {found["sequence"]: found["place"] for found in rows}


async def test_pairs_are_what_people_engaged_with_and_did_not_take_back(
    adapters: Adapters,
) -> None:
    done = [
        ("ann", Action.LIKE, "x"),
        ("ann", Action.LIKE, "y"),
        ("ann", Action.UNLIKE, "y"),
        ("bob", Action.SAVE, "x"),
        ("bob", Action.VIEW, "z"),
        ("bob", Action.COMMENT, "y"),
        ("bob", Action.LIKE, "y"),
        ("bob", Action.UNLIKE, "y"),
    ]
    rows = [
        InteractionRow(0, number, NOON + number, who, action, post, None, None, counted=True)
        for number, (who, action, post) in enumerate(done)
    ]
    await adapters.interactions.insert(rows)
    latest_first = [("bob", "y"), ("bob", "x"), ("ann", "x")]
    assert await adapters.pairs.pairs(since=NOON, limit=10) == latest_first
    assert await adapters.pairs.pairs(since=NOON, limit=2) == latest_first[:2]
    assert await adapters.pairs.pairs(since=NOON + 3, limit=10) == latest_first[:2]


async def test_who_was_active_is_told_in_the_order_of_the_log(adapters: Adapters) -> None:
    rows = [replace(row(number, -number), user_id=f"u{number % 3}") for number in (5, 3, 4, 2)]
    await adapters.interactions.insert([*rows, replace(row(3, 0), partition=2)])
    active = adapters.active.active
    assert await active(1, after=2, through=4, limit=10) == [(3, "u0"), (4, "u1")]
    assert await active(1, after=2, through=9, limit=2) == [(3, "u0"), (4, "u1")]
    assert await active(1, after=5, through=9, limit=2) == []
