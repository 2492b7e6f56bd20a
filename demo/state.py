"""The state folder: what a demo keeps between two runs. One demo at a time may use it."""

import fcntl
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from runtime.start import CannotStart

LOCK = "lock"


class StateFolderInUse(CannotStart):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"the state folder {folder} belongs to a demo that is running",
            "stop that one first, or choose another folder with --state DIR",
        )


class UnusableStateFolder(CannotStart):
    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"the state folder {folder} cannot be used ({reason})",
            "choose another folder with --state DIR",
        )


@contextmanager
def claimed(folder: Path) -> Generator[Path, None, None]:
    """The folder, made if need be, for us alone; the lock ends with the process at the latest.

    Raises:
        StateFolderInUse: another demo runs on it.
        UnusableStateFolder: it cannot be made or written.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("a")
    except OSError as error:
        raise UnusableStateFolder(folder, error.strerror or str(error)) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateFolderInUse(folder) from None
        yield folder.resolve()


@contextmanager
def temporary() -> Generator[Path, None, None]:
    """A claimed folder that is removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="explore-"))
    try:
        with claimed(folder) as state:
            yield state
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # a killed PostgreSQL may still be writing


def is_claimed(folder: Path) -> bool:
    """Whether a demo runs on the folder."""
    try:
        with (folder / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
