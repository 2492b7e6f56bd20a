"""OpenSearch 3, one node, from the jars of Maven Central.

Without the k-NN plugin: vectors live in PostgreSQL.
"""

from pathlib import Path
from typing import Final

from demo import probes
from demo.children import Child
from demo.engines.engine import environment
from demo.engines.java import find_java
from demo.engines.maven import Jars
from demo.engines.opensearch_classes import OpenSearchClasses
from demo.keeper import Report

TRANSPORT: Final = 100  # offset of the port between nodes
HEAP: Final = "512m"
SMALL: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
VECTORS: Final = "jdk.incubator.vector"  # makes Lucene faster; trimmed runtimes lack it


class RealOpenSearch:
    """Keeps its indices; they are not created by themselves."""

    name = "opensearch"
    setting = "EXPLORE_OPENSEARCH_URL"
    default_port = 19_200
    port_offsets = (0, TRANSPORT)
    forgets = False

    def __init__(self, state: Path, report: Report) -> None:
        self._data = state / self.name
        self._log = state / "logs" / f"{self.name}.log"
        self._java = find_java()
        self._jars = Jars("opensearch", self._java)
        self._classes = OpenSearchClasses(self._jars, self._java)
        self._report = report

    def settings(self, port: int) -> dict[str, str]:
        return {self.setting: f"http://127.0.0.1:{port}"}

    def child(self, port: int) -> Child:
        modules = ("--add-modules", VECTORS) if VECTORS in self._java.modules() else ()
        options = (f"-Xms{HEAP}", f"-Xmx{HEAP}", *SMALL, "--enable-native-access=ALL-UNNAMED")
        node = (str(self._data), str(port), str(port + TRANSPORT))
        return Child(
            name=self.name,
            command=(*self._classes.program(*options, *modules), *node),
            environment=environment(),
            log=self._log,
            ready=probes.http(port, "/_cluster/health?wait_for_status=yellow&timeout=1s"),
            ready_seconds=120,
            stop_seconds=2.5,
            before=self._prepare,
        )

    async def _prepare(self) -> None:
        await self._jars.fetch(self._log, self._report)
        await self._classes.compile(self._log)
        self._data.mkdir(parents=True, exist_ok=True)
