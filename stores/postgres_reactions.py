"""Who reacted to what, in PostgreSQL (port ``Reactions``): the rules are in ``domain.reactions``.

Two round trips a batch: read the rows it touches, fold the records one by one, write the rows that
changed. A second writer of the same records computes the same rows, so no lock is needed; an older
one is refused by the sequence.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import asyncpg

from domain.events import EngagementType
from domain.ports.reactions import Reaction, Verdict
from domain.reactions import NOWHERE, UNTOUCHED, Change, ReactionState, is_kept, react
from stores.postgres_pool import PostgresPool

Key: TypeAlias = tuple[str, str, EngagementType]

NO_REGION: Final = "NULL"  # in an array's text; a region is two capital letters

READ: Final = """
SELECT r.user_id, r.post_id, r.type, count, weighed_at, region, last_sequence, changes, weights,
    weight_times, regions, partition, attributed_sequence
FROM unnest($1::text[], $2::text[], $3::text[]) AS k (user_id, post_id, type)
JOIN reactions r USING (user_id, post_id, type)"""
WRITE: Final = """
INSERT INTO reactions AS held (user_id, post_id, type, count, weighed_at, region, last_sequence,
    changes, weights, weight_times, regions, partition, attributed_sequence)
SELECT user_id, post_id, type, count, weighed_at, region, last_sequence, changes::bigint[],
    weights::smallint[], weight_times::float8[], regions::text[], partition, attributed_sequence
FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::float8[], $6::text[],
    $7::bigint[], $8::text[], $9::text[], $10::text[], $11::text[], $12::integer[], $13::bigint[])
    AS r (user_id, post_id, type, count, weighed_at, region, last_sequence, changes, weights,
        weight_times, regions, partition, attributed_sequence)
ON CONFLICT (user_id, post_id, type) DO UPDATE SET count = excluded.count,
    weighed_at = excluded.weighed_at, region = excluded.region,
    last_sequence = excluded.last_sequence, changes = excluded.changes,
    weights = excluded.weights, weight_times = excluded.weight_times, regions = excluded.regions,
    partition = excluded.partition, attributed_sequence = excluded.attributed_sequence
WHERE held.last_sequence < excluded.last_sequence OR held.partition <> excluded.partition"""
OF_VIEWER: Final = """
SELECT post_id, type FROM reactions
WHERE user_id = $1 AND post_id = ANY($2::text[]) AND count > 0 AND type <> 'VIEW'"""


class PostgresReactions:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def apply(self, batch: Sequence[Reaction]) -> Sequence[Verdict]:
        held = await self._read({_key(reaction) for reaction in batch if is_kept(reaction)})
        folded = dict(held)
        verdicts: list[Verdict] = []
        for reaction in batch:
            key = _key(reaction)
            before = folded.get(key, UNTOUCHED)
            after, verdict = react(before, reaction)
            if after is not before:
                folded[key] = after
            verdicts.append(verdict)
        await self._write(
            {key: state for key, state in folded.items() if held.get(key) is not state}
        )
        return verdicts

    async def of_viewer(
        self, user_id: str, post_ids: Sequence[str]
    ) -> Mapping[str, frozenset[EngagementType]]:
        rows = await self._pool.fetch(OF_VIEWER, user_id, list(post_ids)) if post_ids else ()
        found: dict[str, set[EngagementType]] = {}
        for row in rows:
            found.setdefault(row["post_id"], set()).add(EngagementType(row["type"]))
        return {post_id: frozenset(types) for post_id, types in found.items()}

    async def _read(self, keys: Iterable[Key]) -> dict[Key, ReactionState]:
        columns = list(zip(*keys, strict=True))
        rows = await self._pool.fetch(READ, *columns) if columns else ()
        return {
            (row["user_id"], row["post_id"], EngagementType(row["type"])): _state(row)
            for row in rows
        }

    async def _write(self, states: Mapping[Key, ReactionState]) -> None:
        if not states:
            return
        ordered = sorted(states.items())
        changes = [state.changes for _, state in ordered]
        await self._pool.execute(
            WRITE,
            [user_id for (user_id, _, _), _ in ordered],
            [post_id for (_, post_id, _), _ in ordered],
            [type_ for (_, _, type_), _ in ordered],
            [state.count for _, state in ordered],
            [state.weighed_at for _, state in ordered],
            [state.region for _, state in ordered],
            [state.last for _, state in ordered],
            [_array(change.sequence for change in row) for row in changes],
            [_array(change.weight for change in row) for row in changes],
            [_array(change.weight_at for change in row) for row in changes],
            [
                "{" + ",".join(change.region or NO_REGION for change in row) + "}"
                for row in changes
            ],
            [_stored(state.partition) for _, state in ordered],
            [_stored(state.attributed) for _, state in ordered],
        )


def _key(reaction: Reaction) -> Key:
    return (reaction.user_id, reaction.post_id, reaction.type)


def _array(numbers: Iterable[float]) -> str:
    """An array's text: ``unnest`` would flatten an array of arrays."""
    return "{" + ",".join(map(repr, numbers)) + "}"


def _stored(number: int) -> int | None:
    return None if number == NOWHERE else number


def _held(number: int | None) -> int:
    return NOWHERE if number is None else number


def _state(row: asyncpg.Record) -> ReactionState:
    regions = row["regions"] or [None] * len(row["changes"])
    changes = zip(row["changes"], row["weights"], row["weight_times"], regions, strict=False)
    return ReactionState(
        count=row["count"],
        weighed_at=row["weighed_at"],
        last=row["last_sequence"],
        changes=tuple(
            Change(sequence, weight, weight_at, region)
            for sequence, weight, weight_at, region in changes
        ),
        region=row["region"],
        partition=_held(row["partition"]),
        attributed=_held(row["attributed_sequence"]),
    )
