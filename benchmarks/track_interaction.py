"""An interaction reported by mutation, acknowledged by Kafka: one client on a demo that lives.

Each viewer views posts that trend, one after the other. ``EXPLORE_HTTP_PORT`` names a demo that
runs; else one is started. The control is ``{ __typename }`` over the same connection.
"""

import http.client
import time
from itertools import cycle, islice
from statistics import median, quantiles
from typing import Final

import msgspec

from benchmarks._demo import Demo, demo
from tests.end_to_end.tree import Tree

CALLS: Final = 400
VIEWERS: Final = 8
GOAL: Final = 0.05  # seconds at p95
SMALLEST: Final = "{ __typename }"
POSTS: Final = "{ trending(first: 50) { nodes { id } } }"
TRACK: Final = """mutation($post: ID!) {
  trackInteraction(input: {target: {postId: $post}, action: VIEW}) {
    recorded userErrors { code } } }"""


class Client:
    def __init__(self, running: Demo) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
        viewers = [f"tracked-{number}" for number in range(VIEWERS)]
        self._tokens = cycle(running.tokens(viewers))

    def ask(self, query: str, **variables: object) -> tuple[float, Tree]:
        """Seconds until the last byte, and the data; each time as another viewer."""
        body = msgspec.json.encode({"query": query, "variables": variables})
        headers = {
            "content-type": "application/json",
            "authorization": f"Bearer {next(self._tokens)}",
        }
        started = time.perf_counter()
        self._connection.request("POST", "/graphql", body, headers)
        answer = self._connection.getresponse().read()
        elapsed = time.perf_counter() - started
        content = msgspec.json.decode(answer, type=dict[str, object])
        if "errors" in content:
            raise SystemExit(f"the API answered {content['errors']}")
        return elapsed, Tree(content["data"])


def main() -> None:
    with demo() as running:
        client = Client(running)
        posts = [one["id"].text for one in client.ask(POSTS)[1]["trending"]["nodes"]]
        tracked: list[float] = []
        for post in islice(cycle(posts), CALLS):
            elapsed, data = client.ask(TRACK, post=post)
            if len(data["trackInteraction"]["userErrors"]):
                raise SystemExit(f"refused: {data.plain}")
            tracked.append(elapsed)
        control = [client.ask(SMALLEST)[0] for _ in range(CALLS)]
    print(f"{CALLS} calls, milliseconds{'p50':>10}{'p95':>8}{'p99':>8}")
    for name, times in (("an interaction", tracked), ("control", control)):
        cuts = quantiles(times, n=100)
        print(
            f"{name:22}"
            + "".join(f"{1_000 * at:8.1f}" for at in (median(times), cuts[94], cuts[98]))
        )
    print(f"goal: p95 {1_000 * GOAL:.0f}")
