"""A page of 20 of the For You feed over HTTP, one client, on a demo world that lives.

``EXPLORE_HTTP_PORT`` (see ``python -m demo env``) names a demo that runs; else one is started. The
control is the smallest request there is, ``{ __typename }``, over the same connection.
"""

import http.client
import time
from statistics import median, quantiles

import orjson

from benchmarks._demo import demo

PAGES = 400
WARM_UP = 40
SESSION_PAGES = 5  # of one session: the first and those that its cursors lead to
GOAL = 0.020  # seconds at p95
SMALLEST = "{ __typename }"
PAGE = """query Page($after: String) { explore(first: 20, after: $after) {
  edges { cursor position source impressionToken
    node { id title text createdAt url stats { likes comments reposts views }
      creator { id handle displayName avatarUrl }
      categories { category { slug name } confidence }
      viewerState { hasLiked hasSaved hasSeen } }
    why { reasons { code message } } }
  pageInfo { hasNextPage endCursor } feed { requestId freshness degradedSources newPosts } } }"""


class Client:
    """One connection; a viewer of its own every few pages, so that no limit is reached."""

    def __init__(self, port: int, tokens: list[str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._tokens = tokens
        self._turn = 0

    def next_viewer(self) -> None:
        self._turn += 1

    def ask(self, query: str, after: str | None = None) -> tuple[float, dict[str, object]]:
        """Seconds until the last byte, and the data."""
        body = orjson.dumps({"query": query, "variables": {"after": after}})
        token = self._tokens[self._turn % len(self._tokens)]
        headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
        started = time.perf_counter()
        self._connection.request("POST", "/graphql", body, headers)
        answer = self._connection.getresponse().read()
        elapsed = time.perf_counter() - started
        data: dict[str, object] = orjson.loads(answer)
        if "errors" in data:
            raise SystemExit(f"the API answered {data['errors']}")
        return elapsed, orjson.loads(answer)["data"]


def main() -> None:
    with demo() as running:
        client = Client(running.port, running.tokens([f"bench-{number}" for number in range(8)]))
        _pages(client, WARM_UP)
        first, later = _pages(client, PAGES)
        control = [client.ask(SMALLEST)[0] for _ in range(PAGES)]
    print(f"{'':28}{'p50':>9}{'p95':>9}{'p99':>9}   times the control (p50)")
    for name, times in (("first page", first), ("later page", later), ("control", control)):
        cuts = quantiles(times, n=100)
        shown = "".join(f"{1_000 * value:7.2f}ms" for value in (median(times), cuts[94], cuts[98]))
        print(f"{name:28}{shown}   {median(times) / median(control):.1f}")
    worst = max(quantiles(times, n=100)[94] for times in (first, later))
    print(f"p95 {1_000 * worst:.1f} ms, goal {1_000 * GOAL:.0f} ms")


def _pages(client: Client, count: int) -> tuple[list[float], list[float]]:
    first: list[float] = []
    later: list[float] = []
    while len(first) + len(later) < count:
        client.next_viewer()
        after: str | None = None
        for place in range(SESSION_PAGES):
            elapsed, data = client.ask(PAGE, after)
            (later if place else first).append(elapsed)
            page = orjson.loads(orjson.dumps(data["explore"]))
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
    return first, later
