"""``python -m consumers rebuild`` over engines, and what it refuses in one line."""

from collections.abc import Mapping

import pytest

from consumers.rebuild.command import LEASE, NAME, PARTS, rebuild
from consumers.topics import make_topics
from domain.interests import InterestProfile
from runtime.settings import Settings, load_settings
from runtime.start import CannotStart
from stores import keys
from stores.postgres_pool import PostgresPool
from stores.postgres_profiles import PostgresProfiles
from stores.redis_client import RedisClient
from stores.redis_leases import RedisLeases
from tests.engines_fixture import Engines

pytestmark = pytest.mark.integration


def settings_of(engines: Engines, changes: Mapping[str, str]) -> Settings:
    environment = {"EXPLORE_ENVIRONMENT": "development", **engines.environment()}
    return load_settings({**environment, **changes})


async def test_it_makes_all_parts_and_gives_its_lease_back(
    engines: Engines, migrated_database: str, postgres: PostgresPool, redis: RedisClient
) -> None:
    profile = InterestProfile(fence=3, at=1.0, last_active=1.0)
    await PostgresProfiles(postgres).write_many({"eve": profile})
    settings = settings_of(engines, {"EXPLORE_POSTGRES_DSN": migrated_database})
    await rebuild(settings, PARTS)
    assert len(await redis.values([keys.profile("eve")])) == 1
    assert await RedisLeases(redis).take(NAME, "another", 1.0)


async def test_it_refuses_while_another_one_runs(
    engines: Engines, migrated_database: str, redis: RedisClient
) -> None:
    settings = settings_of(engines, {"EXPLORE_POSTGRES_DSN": migrated_database})
    await make_topics(settings)
    assert await RedisLeases(redis).take(NAME, "another", LEASE)
    with pytest.raises(CannotStart, match="another rebuild runs"):
        await rebuild(settings, PARTS)


async def test_it_refuses_a_database_that_is_not_migrated(
    engines: Engines, database: str, redis_url: str
) -> None:
    settings = settings_of(
        engines, {"EXPLORE_POSTGRES_DSN": database, "EXPLORE_REDIS_URL": redis_url}
    )
    with pytest.raises(CannotStart, match="the database is not migrated"):
        await rebuild(settings, PARTS)
