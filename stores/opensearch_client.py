"""Calls to OpenSearch: one deadline each, no retries, one error for all outages."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

import msgspec
from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import RequestError, TransportError

from domain.errors import Unavailable
from runtime.deadlines import bounded
from runtime.metrics import Metrics
from stores.opensearch_answers import Answer, Answers, Bulk, Found, Hits, Written
from stores.store_calls import StoreCalls

T = TypeVar("T")
DEPENDENCY: Final = "opensearch"
TOO_MANY_REQUESTS: Final = 429
SERVER_ERRORS: Final = 500
REFUSED: Final = (401, 403, TOO_MANY_REQUESTS)  # by whoever keeps the engine
NO_INDEX: Final = "index_not_found_exception"
Body = dict[str, Any]
"""JSON: the shape is OpenSearch's, so it is checked there (requests) or decoded (answers)."""


class OpenSearchClient:
    """`timeout` (seconds) bounds each call; an engine away or overloaded is `Unavailable`."""

    def __init__(self, url: str, *, timeout: float, metrics: Metrics | None = None) -> None:
        self._calls = StoreCalls(DEPENDENCY, metrics)
        self._timeout = timeout
        self._client = AsyncOpenSearch(hosts=[url], max_retries=0, retry_on_timeout=False)

    async def ping(self) -> None:
        """The smallest question that there is."""
        await self._call("ping", self._client.info)

    async def search(self, index: str, body: Body) -> Hits:
        """Raises `Unavailable` also where there is no such index (yet)."""
        limited = body | {"timeout": f"{max(1, round(self._timeout * 1_000))}ms"}
        answer = await self._call("search", lambda: self._client.search(index=index, body=limited))
        return msgspec.convert(answer, Found).hits

    async def search_many(self, searches: Sequence[tuple[str, Body]]) -> Sequence[Hits]:
        """Several searches in one round trip; one that fails fails all, as in `search`."""
        lines = [part for index, body in searches for part in ({"index": index}, body)]
        answer = await self._call("search_many", lambda: self._client.msearch(body=lines))
        return [_hits(found) for found in msgspec.convert(answer, Answers).responses]

    async def bulk(self, lines: Sequence[Body]) -> Sequence[Written]:
        """Outcomes in order of the operations, on aliases only.

        Raises:
            Unavailable: also if one operation was refused for lack of resources, or if there is
                no such alias (yet, or any more: an engine may forget).

        """
        answer = await self._call(
            "bulk", lambda: self._client.bulk(body=list(lines), params={"require_alias": "true"})
        )
        items = msgspec.convert(answer, Bulk).items
        written = [outcome for item in items for outcome in item.values()]
        for outcome in written:
            kind = outcome.error.type if outcome.error else ""
            if _is_outage(outcome.status, kind):
                raise Unavailable(DEPENDENCY, kind)
        return written

    async def create_index(self, name: str, body: Body) -> None:
        """Unless it is there."""
        if await self._call("create_index", lambda: self._client.indices.exists(index=name)):
            return
        try:
            await self._call(
                "create_index", lambda: self._client.indices.create(index=name, body=body)
            )
        except RequestError as error:
            if error.error != "resource_already_exists_exception":  # another process was quicker
                raise

    async def has_alias(self, name: str) -> bool:
        return bool(
            await self._call("has_alias", lambda: self._client.indices.exists_alias(name=name))
        )

    async def indices_of(self, alias: str) -> Sequence[str]:
        """The indices behind an alias; none where it is not there."""
        if not await self.has_alias(alias):
            return []
        answer = await self._call("indices_of", lambda: self._client.indices.get_alias(name=alias))
        return sorted(answer)

    async def change_aliases(
        self, add: Sequence[tuple[str, str]], remove: Sequence[tuple[str, str]]
    ) -> None:
        """Aliases, each with an index, to remove and to add: all at once."""
        actions = [{"remove": {"index": index, "alias": alias}} for alias, index in remove]
        actions += [{"add": {"index": index, "alias": alias}} for alias, index in add]
        await self._call(
            "change_aliases",
            lambda: self._client.indices.update_aliases(body={"actions": actions}),
        )

    async def delete_indices(self, names: Sequence[str]) -> None:
        """Those that are there."""
        for name in names:
            if await self._call(
                "delete_indices", lambda name=name: self._client.indices.exists(index=name)
            ):
                await self._call(
                    "delete_indices", lambda name=name: self._client.indices.delete(index=name)
                )

    async def count(self, index: str) -> int:
        """0 also where there is no such index."""
        answer = await self._call(
            "count", lambda: self._client.count(index=index, params={"ignore_unavailable": "true"})
        )
        return int(answer["count"])

    async def delete_matching(self, index: str, query: Body) -> None:
        await self._call(
            "delete_matching",
            lambda: self._client.delete_by_query(
                index=index, body={"query": query}, params={"conflicts": "proceed"}
            ),
        )

    async def refresh(self, index: str) -> None:
        """Let searches see all that was written."""
        await self._call("refresh", lambda: self._client.indices.refresh(index=index))

    async def close(self) -> None:
        await self._client.close()

    async def _call(self, name: str, call: Callable[[], Awaitable[T]]) -> T:
        with self._calls(name):
            return await self._translated(call)

    async def _translated(self, call: Callable[[], Awaitable[T]]) -> T:
        try:
            async with bounded(self._timeout):
                return await call()
        except TimeoutError as error:
            raise Unavailable(DEPENDENCY, "too slow") from error
        except NoConnection as error:
            raise Unavailable(DEPENDENCY, type(error).__name__) from error
        except TransportError as error:
            if error.error == NO_INDEX:
                raise Unavailable(DEPENDENCY, NO_INDEX) from error
            status = error.status_code
            if status in REFUSED or (isinstance(status, int) and status >= SERVER_ERRORS):
                raise Unavailable(DEPENDENCY, f"status {status}") from error
            raise


def _hits(answer: Answer) -> Hits:
    if answer.hits is not None:
        return answer.hits
    kind = answer.error.type if answer.error else ""
    if _is_outage(answer.status, kind):
        raise Unavailable(DEPENDENCY, kind)
    raise TransportError(answer.status, kind, answer.error)


def _is_outage(status: int, kind: str) -> bool:
    """Whether one operation of several was refused for lack of resources or of its index."""
    return status == TOO_MANY_REQUESTS or status >= SERVER_ERRORS or kind == NO_INDEX
