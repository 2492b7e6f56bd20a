"""Runs a program that ends when its parent does, however the parent ends.

usage: python -I -S tether.py SIGNAL PARENT PROGRAM [ARGUMENT...]

A supervisor that is killed cannot stop its children. The kernel can: when the parent dies it sends
a process the signal that was asked for with PR_SET_PDEATHSIG. The request survives the execution
of another program, so this script becomes the program and nothing of it stays. Standard library
only: it starts without site packages. Systems other than Linux have no such request; there it only
runs the program.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def tether(signal: int, parent: int) -> bool:
    """Ask for `signal` at the death of `parent`; False if it is dead already."""
    if sys.platform != "linux":
        return True
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    return os.getppid() == parent


def tethered(command: tuple[str, ...], signal: int) -> tuple[str, ...]:
    """The command that runs `command` tethered to the calling process."""
    script = os.path.abspath(__file__)  # noqa: PTH100 - pathlib would double the start-up time
    prefix = (sys.executable, "-I", "-S", script, str(int(signal)), str(os.getpid()))
    return (*prefix, *command)


if __name__ == "__main__":
    if tether(int(sys.argv[1]), int(sys.argv[2])):
        os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 - the supervisor names the program
