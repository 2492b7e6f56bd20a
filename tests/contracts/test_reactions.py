"""Who reacted to what: sets that answer a replay as they answered at first."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.events import EngagementType
from domain.ports.reactions import Reaction, Reactions, Verdict
from stores.postgres_pool import PostgresPool
from stores.postgres_reactions import PostgresReactions
from tests.contracts.adapters import Adapters
from tests.fakes.reactions import MemoryReactions

LIKE, SAVE, COMMENT = EngagementType.LIKE, EngagementType.SAVE, EngagementType.COMMENT
NO = Verdict(counts=False, weight=0, weight_at=0.0)


def reaction(  # noqa: PLR0913 - a row of the log, spelled out
    sequence: int,
    delta: int = 1,
    kind: EngagementType = LIKE,
    *,
    user: str = "u",
    post: str = "p",
    region: str | None = None,
    once: bool = False,
    partition: int = 3,
) -> Reaction:
    """A reaction at second ``sequence``."""
    return Reaction(
        partition, sequence, float(sequence), user, post, kind, delta, region, once=once
    )


def yes(weight: int, at: float, region: str | None = None) -> Verdict:
    return Verdict(counts=True, weight=weight, weight_at=at, region=region)


async def test_likes_are_a_set(adapters: Adapters) -> None:
    batch = [
        reaction(1, -1),
        reaction(2),
        reaction(3),
        reaction(4, -1),
        reaction(5, -1),
        reaction(6),
    ]
    expected = [NO, yes(1, 2.0), NO, yes(-1, 2.0), NO, yes(1, 6.0)]
    assert await adapters.reactions.apply(batch) == expected
    for start in range(len(batch)):
        assert await adapters.reactions.apply(batch[start:]) == expected[start:]


async def test_what_is_taken_back_is_what_was_given_wherever_that_happens(
    adapters: Adapters,
) -> None:
    batch = [
        reaction(1, region="DE"),
        reaction(2, -1, region="US"),
        reaction(3),
        reaction(4, -1, region="FR"),
        reaction(5, 1, COMMENT, region="DE"),
        reaction(6, 1, COMMENT, region="US"),
        reaction(7, -1, COMMENT, region="US"),
        reaction(8, -1, COMMENT, region="FR"),
    ]
    expected = [
        yes(1, 1.0, "DE"),
        yes(-1, 1.0, "DE"),
        yes(1, 3.0),
        yes(-1, 3.0),
        yes(1, 5.0, "DE"),
        yes(0, 6.0),
        yes(0, 5.0, "DE"),
        yes(-1, 5.0, "DE"),
    ]
    assert await adapters.reactions.apply(batch) == expected
    for start in range(len(batch)):
        assert await adapters.reactions.apply(batch[start:]) == expected[start:]


async def test_comments_count_each_and_weigh_once(adapters: Adapters) -> None:
    deltas = (1, 1, -1, -1, -1, 1)
    batch = [reaction(place + 1, delta, COMMENT) for place, delta in enumerate(deltas)]
    expected = [yes(1, 1.0), yes(0, 2.0), yes(0, 1.0), yes(-1, 1.0), NO, yes(1, 6.0)]
    assert await adapters.reactions.apply(batch) == expected
    for start in range(len(batch)):
        assert await adapters.reactions.apply(batch[start:]) == expected[start:]


async def test_views_count_and_never_weigh(adapters: Adapters) -> None:
    views = [reaction(1, 1, EngagementType.VIEW), reaction(1, 1, EngagementType.VIEW)]
    assert await adapters.reactions.apply(views) == [yes(0, 1.0), yes(0, 1.0)]
    assert await adapters.reactions.of_viewer("u", ["p"]) == {}


async def test_what_is_done_to_what_we_served_counts_once(adapters: Adapters) -> None:
    view, share = EngagementType.VIEW, EngagementType.SHARE
    batch = [
        reaction(1, 1, view, once=True),
        reaction(2, 1, view, once=True),
        reaction(3, 1, view),
        reaction(4, 1, share, once=True),
        reaction(5, 1, share, once=True),
        reaction(6, 1, share),  # told by upstream
        reaction(7, 1, COMMENT),
        reaction(8, 1, COMMENT, once=True),
        reaction(9, 1, COMMENT, once=True),
        reaction(10, -1, COMMENT),
        reaction(11, 1, COMMENT, once=True),
        reaction(12, 1, view, once=True, user="v"),
    ]
    expected = [
        *(yes(0, 1.0), NO, yes(0, 3.0)),
        *(yes(1, 4.0), NO, yes(0, 6.0)),
        *(yes(1, 7.0), yes(0, 8.0), NO, yes(0, 7.0), NO, yes(0, 12.0)),
    ]
    assert await adapters.reactions.apply(batch) == expected
    for start in range(len(batch)):
        assert await adapters.reactions.apply(batch[start:]) == expected[start:]


async def test_a_post_whose_partition_changed_goes_on_from_what_holds(adapters: Adapters) -> None:
    batch = [
        reaction(50_000),
        reaction(10, -1, partition=67),
        reaction(10, -1, partition=67),  # again
        reaction(11, partition=67),
        reaction(12, partition=67),
    ]
    expected = [yes(1, 50_000.0), *[yes(-1, 50_000.0)] * 2, yes(1, 11.0), NO]
    assert await adapters.reactions.apply(batch) == expected
    assert await adapters.reactions.apply(batch[1:]) == expected[1:]
    assert await adapters.reactions.of_viewer("u", ["p"]) == {"p": frozenset({LIKE})}


async def test_a_viewer_sees_what_holds_now(adapters: Adapters) -> None:
    await adapters.reactions.apply(
        [
            reaction(1),
            reaction(2, kind=SAVE),
            reaction(3, -1),
            reaction(4, post="q"),
            reaction(5, post="r", user="v"),
        ]
    )
    assert await adapters.reactions.of_viewer("u", ["p", "q", "r", "x"]) == {
        "p": frozenset({SAVE}),
        "q": frozenset({LIKE}),
    }
    assert await adapters.reactions.of_viewer("u", []) == {}


async def test_an_empty_batch_has_no_verdicts(adapters: Adapters) -> None:
    assert list(await adapters.reactions.apply([])) == []


async def test_a_set_toggled_often_keeps_its_total_in_a_full_replay(adapters: Adapters) -> None:
    """What is forgotten beyond the latest 16 changes cancels out."""
    batch = [reaction(sequence, 1 if sequence % 2 else -1) for sequence in range(1, 42)]
    await adapters.reactions.apply(batch)
    replayed = await adapters.reactions.apply(batch)
    changes = zip(batch, replayed, strict=True)
    assert sum(one.delta for one, verdict in changes if verdict.counts) == 1
    assert sum(verdict.weight for verdict in replayed) == 1


Histories = st.lists(
    st.tuples(
        st.sampled_from(["u", "v"]),
        st.sampled_from(["p", "q"]),
        st.sampled_from([LIKE, COMMENT, EngagementType.VIEW]),
        st.sampled_from([1, 1, -1]),
        st.sampled_from([None, "DE", "US"]),
        st.booleans(),
    ),
    max_size=24,
)
Step = tuple[str, str, EngagementType, int, str | None, bool]


def log_of(history: Sequence[Step]) -> list[Reaction]:
    return [
        reaction(place, delta, kind, user=user, post=post, region=region, once=once and delta > 0)
        for place, (user, post, kind, delta, region, once) in enumerate(history)
    ]


async def holds(
    reactions: Reactions, log: Sequence[Reaction], runs: Sequence[tuple[int, int]]
) -> None:
    """Each run goes back by some records and delivers some: verdicts are as in one pass."""
    expected = await MemoryReactions().apply(log)
    reached = 0
    for back, size in (*runs, (0, len(log))):
        start = max(0, reached - back)
        batch = log[start : start + size]
        assert await reactions.apply(batch) == expected[start : start + size]
        reached = max(reached, start + len(batch))
    assert await reactions.apply(log) == expected


Runs = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 8)), max_size=8)


@given(history=Histories, runs=Runs)
async def test_any_split_and_any_replay_has_the_same_verdicts(
    history: list[Step], runs: list[tuple[int, int]]
) -> None:
    await holds(MemoryReactions(), log_of(history), runs)


@pytest.mark.integration
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=Histories, runs=Runs)
async def test_the_same_in_postgres(
    postgres: PostgresPool,
    history: list[Step],
    runs: list[tuple[int, int]],
) -> None:
    await postgres.execute("DELETE FROM reactions")
    await holds(PostgresReactions(postgres), log_of(history), runs)
