"""What a running demo tells others about itself, and how they find it by its port.

`running.json` in the state folder holds the facts. A folder of the user under the machine's folder
for temporary files holds a link to it, named by the port. A demo that was killed leaves both; its
lock tells that it is gone.
"""

import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from demo.private_files import write_privately
from demo.state import is_claimed
from runtime.start import CannotStart

FILE = "running.json"


class Running(msgspec.Struct, frozen=True):
    """The facts of a running demo."""

    port: int  # of the API
    settings: dict[str, str]
    signing_key: str | None  # path; None: tokens come from elsewhere


class NoDemo(CannotStart):
    def __init__(self, port: int | None, others: list[int]) -> None:
        where = f" on port {port}" if port else ""
        remedy = "start one with: python -m demo"
        if others:
            remedy = f"name one that runs, with --port {' or '.join(map(str, sorted(others)))}"
        super().__init__(f"no demo is running{where}", remedy)


class SeveralDemos(CannotStart):
    def __init__(self, ports: list[int]) -> None:
        remedy = f"choose one with --port {' or '.join(map(str, sorted(ports)))}"
        super().__init__("several demos are running", remedy)


@contextmanager
def announced(running: Running, state: Path) -> Generator[None, None, None]:
    """Let others find this demo while the block runs."""
    file = state / FILE
    link = _register() / f"{running.port}.json"
    write_privately(file, msgspec.json.format(msgspec.json.encode(running), indent=2))
    link.unlink(missing_ok=True)
    link.symlink_to(file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
        link.unlink(missing_ok=True)


def find(port: int | None) -> Running:
    """The demo on that port, or the only one.

    Raises:
        NoDemo: none runs there.
        SeveralDemos: no port was given and there are several.

    """
    alive = {running.port: running for running in _alive()}
    if port is None and len(alive) > 1:
        raise SeveralDemos(list(alive))
    wanted = port if port is not None else next(iter(alive), None)
    if wanted not in alive:
        raise NoDemo(port, list(alive))
    return alive[wanted]


def left_over(state: Path) -> Running | None:
    """What the last demo on this folder told if it was killed."""
    return _read(state / FILE)


def _alive() -> Iterator[Running]:
    for link in sorted(_register().glob("*.json")):
        file = link.resolve()
        running = _read(file)
        if running and is_claimed(file.parent):
            yield running
        else:
            link.unlink(missing_ok=True)


def _read(file: Path) -> Running | None:
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(file.read_bytes(), type=Running)
    return None


def _register() -> Path:
    """The user's folder of links; nobody else may write into it."""
    folder = Path(tempfile.gettempdir(), f"explore-demos-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = folder.lstat()
    if folder.is_symlink() or owner.st_uid != os.getuid() or owner.st_mode & 0o022:
        raise CannotStart(f"{folder} is not this user's own folder", "remove it")
    return folder
