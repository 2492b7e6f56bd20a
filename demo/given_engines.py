"""Engines that settings put into the place of ours: asked before anything of ours is started."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Final

from runtime.logs import quiet
from stores.answering import NoAnswer, Question, silent_after
from stores.kafka_topics import count_partitions
from stores.opensearch_client import OpenSearchClient
from stores.postgres_pool import open_pool
from stores.redis_client import open_redis

PATIENCE: Final = 10.0  # seconds for all of them
ONE_QUESTION: Final = 3.0  # seconds


async def require_given(given: Mapping[str, str]) -> None:
    """Return when all of these answer; by the names of settings.

    Raises:
        CannotStart: some do not, or an address cannot be read.

    """
    async with AsyncExitStack() as stack:
        questions: list[Question] = []
        if dsn := given.get("EXPLORE_POSTGRES_DSN"):
            pool = await open_pool(dsn, timeout=ONE_QUESTION, size=1)
            stack.push_async_callback(pool.close)
            questions.append(Question("postgresql", lambda: pool.fetch("SELECT 1")))
        if url := given.get("EXPLORE_REDIS_URL"):
            redis = open_redis(url, timeout=ONE_QUESTION, connections=1)
            stack.push_async_callback(redis.close)
            questions.append(Question("redis", lambda: redis.run([("PING",)])))
        if bootstrap := given.get("EXPLORE_KAFKA_BOOTSTRAP"):
            questions.append(Question("kafka", lambda: count_partitions(bootstrap, ())))
        if address := given.get("EXPLORE_OPENSEARCH_URL"):
            opensearch = OpenSearchClient(address, timeout=ONE_QUESTION)
            stack.push_async_callback(opensearch.close)
            questions.append(Question("opensearch", lambda: opensearch.has_alias("explore-posts")))
        with quiet():
            silent = await silent_after(PATIENCE, questions)
    if silent:
        raise NoAnswer(silent)
