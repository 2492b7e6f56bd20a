"""Freezing the process that listens on a port of this machine; from /proc, so on Linux only."""

import os
import signal
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

LISTENS = "0A"


@contextmanager
def frozen(address: str) -> Generator[None, None, None]:
    pid = _listening(int(address.rpartition(":")[2]))
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _listening(port: int) -> int:
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path("/proc/net", table).read_text().splitlines()[1:]
    ]
    sockets = {
        f"socket:[{fields[9]}]"
        for fields in lines
        if fields[3] == LISTENS and int(fields[1].rpartition(":")[2], 16) == port
    }
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):  # it ended while we looked, or is another user's
            if str(descriptor.readlink()) in sockets:
                return int(descriptor.parts[2])
    message = f"nothing listens on {port}"
    raise AssertionError(message)
