"""Learned profiles, durable in PostgreSQL (port ``Profiles``)."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from domain.accumulators import Accumulator, fading_since
from domain.interests import InterestProfile, settled
from stores.postgres_pool import PostgresPool
from stores.postgres_times import storable_time

READ: Final = """
SELECT user_id, profile FROM user_interest_profiles WHERE user_id = ANY($1::text[])"""
PAGE: Final = """
SELECT user_id, profile FROM user_interest_profiles WHERE user_id > $1 ORDER BY user_id LIMIT $2"""
COUNT: Final = """
SELECT greatest(reltuples, 0)::bigint AS profiles FROM pg_class
WHERE oid = 'user_interest_profiles'::regclass"""
WRITE: Final = """
INSERT INTO user_interest_profiles AS held (user_id, fence, profile, topic_weights,
    author_affinities, hashtag_affinities, last_active_at)
SELECT $1, $2, $3, $4::jsonb, $5::jsonb, $6::jsonb, to_timestamp($7::float8)
WHERE NOT is_forgotten($1, to_timestamp($7::float8))
ON CONFLICT (user_id) DO UPDATE SET fence = excluded.fence, profile = excluded.profile,
    topic_weights = excluded.topic_weights, author_affinities = excluded.author_affinities,
    hashtag_affinities = excluded.hashtag_affinities,
    last_active_at = excluded.last_active_at, updated_at = now()
WHERE held.fence < excluded.fence"""


class PostgresProfiles:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def read_many(self, user_ids: Sequence[str]) -> Sequence[InterestProfile | None]:
        rows = await self._pool.fetch(READ, list(user_ids)) if user_ids else ()
        found = {row["user_id"]: _read(row["profile"]) for row in rows}
        return [found.get(user_id) for user_id in user_ids]

    async def page(self, after: str, limit: int) -> Mapping[str, InterestProfile]:
        """In the order of their ids, behind one."""
        return {
            row["user_id"]: _read(row["profile"])
            for row in await self._pool.fetch(PAGE, after, limit)
        }

    async def count(self) -> int:
        """About how many there are, by the planner's statistics."""
        row = await self._pool.fetchrow(COUNT)
        return 0 if row is None else row["profiles"]

    async def write_many(self, profiles: Mapping[str, InterestProfile]) -> None:
        rows = [
            (
                user_id,
                profile.fence,
                msgspec.msgpack.encode(profile),
                _net(profile.topics, profile),
                _net(profile.creators, profile),
                _net(profile.hashtags, profile),
                storable_time(profile.last_active),
            )
            for user_id, profile in sorted(profiles.items())
        ]
        await self._pool.executemany(WRITE, rows)


def _read(packed: bytes) -> InterestProfile:
    return settled(msgspec.msgpack.decode(packed, type=InterestProfile))


def _net(entries: Mapping[str, Accumulator], profile: InterestProfile) -> str:
    """What speaks for each less what speaks against it, as of the viewer's last activity."""
    fading = fading_since(profile.at, max(profile.at, profile.last_active))

    def total(sums: Mapping[int, float]) -> float:
        return sum(value * fading[decay_class] for decay_class, value in sums.items())

    return msgspec.json.encode(
        {
            name.replace("\0", ""): total(entry.positive) - total(entry.negative)
            for name, entry in entries.items()
        }
    ).decode()
