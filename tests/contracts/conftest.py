"""Each contract suite runs on the fake and on the real adapter."""

import pytest

from stores.postgres_pool import PostgresPool
from tests.contracts.adapters import Adapters, in_memory, in_postgres


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.integration)])
def adapters(request: pytest.FixtureRequest) -> Adapters:
    if request.param == "memory":
        return in_memory()
    pool = request.getfixturevalue("postgres")
    assert isinstance(pool, PostgresPool)
    return in_postgres(pool)
