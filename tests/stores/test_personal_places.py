"""No place where a person's id may live is forgotten: the registry is held against the stores."""

import inspect

import pytest

from stores import keys, opensearch_mappings
from stores.opensearch_mappings import Index
from stores.personal_places import OPENSEARCH, POSTGRES, REDIS
from stores.postgres_pool import PostgresPool

# Partitions have the columns of what they are parts of; views show what tables hold.
COLUMNS = """
SELECT c.relname AS table, a.attname AS column
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND a.atttypid::regtype::text IN ('text', 'text[]', 'jsonb', 'bytea', 'bytea[]', 'tsvector',
        'vector', 'character varying', 'name', 'json', 'xml')
ORDER BY 1, 2"""


@pytest.mark.integration
async def test_every_column_that_can_hold_text_is_registered(postgres: PostgresPool) -> None:
    found = {(row["table"], row["column"]) for row in await postgres.fetch(COLUMNS)}
    registered = {(table, column) for table, columns in POSTGRES.items() for column in columns}
    assert found - registered == set()


def test_every_key_is_registered() -> None:
    functions = {name for name, _ in inspect.getmembers(keys, inspect.isfunction)}
    constants = {
        name
        for name, value in vars(keys).items()
        if isinstance(value, str) and value.startswith(keys.PREFIX) and name != "PREFIX"
    }
    assert (functions | constants) - set(REDIS) == set()


def test_every_index_is_registered() -> None:
    indices = {one.name for one in vars(opensearch_mappings).values() if isinstance(one, Index)}
    assert indices == set(OPENSEARCH)
