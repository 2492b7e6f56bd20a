"""How root runs a program that refuses to be run by root."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

from runtime.start import CannotStart

NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
NOBODY = 65534
# Without root's right to pass closed folders nobody could reach neither a state folder nor a
# virtual environment below /root.
FOLDER_RIGHT = "+dac_override"


@dataclass(frozen=True, slots=True)
class Unprivileged:
    """A command prefix, and the user that has to own the program's files."""

    prefix: tuple[str, ...]
    owner: int


class NeedsAnOrdinaryUser(CannotStart):
    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL refuses to be run by root",
            "run the demo as another user, or install util-linux (unshare, setpriv)",
        )


def unprivileged(stop_signal: Signals) -> Unprivileged:
    """How the calling user runs PostgreSQL.

    Root does so in a user namespace, where its files remain its own, or, where that is not allowed
    (in most containers), as the user nobody.

    Raises:
        NeedsAnOrdinaryUser: neither is possible.

    """
    if os.geteuid() != 0:
        return Unprivileged((), os.geteuid())
    for way in (in_namespace(), as_nobody(stop_signal)):
        if _works(way.prefix):
            return way
    raise NeedsAnOrdinaryUser


def in_namespace() -> Unprivileged:
    return Unprivileged(NAMESPACE, 0)


def as_nobody(stop_signal: Signals) -> Unprivileged:
    """As the user nobody; the change of user ends the tether, so it is asked for again."""
    identity = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    rights = (f"--inh-caps={FOLDER_RIGHT}", f"--ambient-caps={FOLDER_RIGHT}")
    tether = ("--pdeathsig", stop_signal.name.removeprefix("SIG"))
    return Unprivileged((*identity, *rights, *tether), NOBODY)


def give(folder: Path, owner: int) -> None:
    """Make `owner` the owner of the folder and all in it, if we may decide that."""
    if os.geteuid() != 0 or folder.stat().st_uid == owner:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner, owner, follow_symlinks=False)


def _works(prefix: tuple[str, ...]) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    trial = subprocess.run([*prefix, "true"], capture_output=True, timeout=10, check=False)  # noqa: S603 - our own constants
    return trial.returncode == 0
