"""Each contract suite runs on the fake and on the real adapter."""

import pytest

from stores.postgres_pool import PostgresPool
from stores.redis_client import RedisClient
from tests.contracts import redis_ports
from tests.contracts.adapters import Adapters, in_memory, in_postgres
from tests.contracts.redis_ports import RedisPorts


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.integration)])
def adapters(request: pytest.FixtureRequest) -> Adapters:
    if request.param == "memory":
        return in_memory()
    api, worker = map(request.getfixturevalue, ("postgres_of_api", "postgres_of_worker"))
    assert isinstance(api, PostgresPool)
    assert isinstance(worker, PostgresPool)
    return in_postgres(api=api, worker=worker)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.integration)])
def ports(request: pytest.FixtureRequest) -> RedisPorts:
    if request.param == "memory":
        return redis_ports.in_memory()
    redis = request.getfixturevalue("redis")
    assert isinstance(redis, RedisClient)
    return redis_ports.in_redis(redis)
