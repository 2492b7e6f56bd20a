"""A look-alike of OpenSearch that keeps its documents in memory: package `osmem-server`."""

import os
from pathlib import Path

from demo import probes
from demo.children import Child
from demo.engines.engine import environment
from demo.engines.packages import program


class OpenSearch:
    """One server on loopback; empty after each start, slow beyond some 5,000 documents."""

    name = "opensearch"
    setting = "EXPLORE_OPENSEARCH_URL"
    default_port = 19_200
    port_offsets = (0,)
    forgets = True

    def __init__(self, state: Path) -> None:
        self._log = state / "logs" / f"{self.name}.log"
        self._server = program("OpenSearch", "osmem_server", "bin/osmem-server*")

    def settings(self, port: int) -> dict[str, str]:
        # It takes a hundred milliseconds for what OpenSearch does in ten.
        return {
            self.setting: f"http://127.0.0.1:{port}",
            "EXPLORE_SEARCH_TIMEOUT_MS": "400",
            "EXPLORE_SEARCH_CAPACITY": "5000",
        }

    def child(self, port: int) -> Child:
        where = ("-addr", f"127.0.0.1:{port}", "-no-stdin-watch", "-parent-pid", str(os.getpid()))
        return Child(
            name=self.name,
            command=(str(self._server), *where, "-no-ja"),
            environment=environment(),
            log=self._log,
            ready=probes.http(port, "/"),
            stop_seconds=1,
        )
