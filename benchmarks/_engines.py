"""Engines for benchmarks: those of the settings, else ones of their own for as long as they run.

``EXPLORE_TEST_ENGINES=real`` takes Apache Kafka and OpenSearch.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager

import msgspec

from runtime.settings import ENGINES


@contextmanager
def engines() -> Generator[Mapping[str, str]]:
    """The settings that lead to them."""
    if all(os.environ.get(name) for name in ENGINES):
        yield {name: os.environ[name] for name in ENGINES}
        return
    kind = os.environ.get("EXPLORE_TEST_ENGINES") or "embedded"
    command = (sys.executable, "-m", "demo.engines", "--engines", kind)
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:  # noqa: S603 - our own module
        try:
            line = process.stdout.readline() if process.stdout else b""
            yield msgspec.json.decode(line, type=dict[str, str])
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
