"""Apache Kafka 4, one node that is broker and controller, from the jars of Maven Central."""

import base64
import shutil
import uuid
from pathlib import Path
from typing import Final

from demo import probes
from demo.children import Child
from demo.engines.command import run
from demo.engines.engine import environment
from demo.engines.java import find_java
from demo.engines.maven import Jars
from demo.keeper import Report

CONTROLLER: Final = 1  # offset of the controller's port
FORMAT_SECONDS: Final = 60.0
HEAP: Final = "256m"
SMALL: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")


class RealKafka:
    """Keeps its log; topics are not created by themselves."""

    name = "kafka"
    setting = "EXPLORE_KAFKA_BOOTSTRAP"
    default_port = 19_092
    port_offsets = (0, CONTROLLER)
    forgets = False

    def __init__(self, state: Path, report: Report) -> None:
        self._data = state / self.name
        self._log = state / "logs" / f"{self.name}.log"
        self._properties = state / f"{self.name}.properties"
        self._java = find_java()
        self._jars = Jars("kafka", self._java)
        self._report = report

    def settings(self, port: int) -> dict[str, str]:
        return {self.setting: f"127.0.0.1:{port}"}

    def child(self, port: int) -> Child:
        async def prepare() -> None:
            await self._prepare(port)

        return Child(
            name=self.name,
            command=self._command(HEAP, "kafka.Kafka", str(self._properties)),
            environment=environment(),
            log=self._log,
            ready=probes.kafka(port),
            ready_seconds=120,
            stop_seconds=2.5,
            before=prepare,
        )

    async def _prepare(self, port: int) -> None:
        await self._jars.fetch(self._log, self._report)
        if self._data.exists():
            self._configure(port, self._data)
        else:
            await self._format(port)

    async def _format(self, port: int) -> None:
        """Make the data folder; it gets its name when it is complete."""
        fresh = self._data.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        self._configure(port, fresh)
        identity = ("--standalone", "--cluster-id", _new_cluster_id())
        configuration = ("--config", str(self._properties))
        command = self._command(
            "64m", "kafka.tools.StorageTool", "format", *identity, *configuration
        )
        await run("Kafka's format", command, environment(), self._log, FORMAT_SECONDS)
        fresh.rename(self._data)
        self._configure(port, self._data)

    def _configure(self, port: int, data: Path) -> None:
        text = (self._jars.recipe / "server.properties.in").read_text()
        values = {"@PORT@": port, "@CONTROLLER_PORT@": port + CONTROLLER, "@DATA@": data}
        for name, value in values.items():
            text = text.replace(name, str(value))
        self._properties.write_text(text)

    def _command(self, heap: str, main: str, *arguments: str) -> tuple[str, ...]:
        memory = (f"-Xms{heap}", f"-Xmx{heap}", *SMALL, "-Djava.awt.headless=true")
        logging = f"-Dlog4j2.configurationFile={self._jars.recipe / 'log4j2.properties'}"
        classes = ("-cp", f"{self._jars.folder}/*")
        return (str(self._java.program), *memory, logging, *classes, main, *arguments)


def _new_cluster_id() -> str:
    """22 characters of base64, as Kafka's own tool makes them; no dash in front."""
    return "x" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22]
