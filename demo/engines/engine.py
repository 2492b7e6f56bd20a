"""What the demo needs to know of an engine to start it and to tell others where it is."""

import os
from typing import Protocol

from demo.children import Child

PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class Engine(Protocol):
    """One of PostgreSQL, Redis, Kafka and OpenSearch, or what stands in for it."""

    @property
    def name(self) -> str: ...

    @property
    def setting(self) -> str:
        """The setting that, if it is given, replaces this engine."""
        ...

    @property
    def default_port(self) -> int: ...

    @property
    def port_offsets(self) -> tuple[int, ...]:
        """It listens on its port plus each of these."""
        ...

    @property
    def forgets(self) -> bool:
        """Whether it is empty after each start."""
        ...

    def settings(self, port: int) -> dict[str, str]:
        """How to reach it on that port, and what else its users have to know."""
        ...

    def child(self, port: int) -> Child:
        """The process that serves it on that port."""
        ...


def environment() -> dict[str, str]:
    """What an engine may see of our environment: no setting of another program."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}
