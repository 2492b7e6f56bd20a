"""What is tethered ends with its parent, even if that is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from demo.tether import tethered
from tests.demo.family import alive, descendants, wait_until

ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import signal, subprocess, sys
from demo.tether import tethered
from signal import SIGTERM
program = "import signal; print('runs', flush=True); signal.pause()"
child = (sys.executable, "-S", "-c", program)
subprocess.Popen(tethered(child, SIGTERM), start_new_session=True)
signal.pause()
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the request is Linux's own")


def test_a_killed_parent_takes_its_child_with_it() -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "runs\n"
        children = descendants(parent.pid)
        parent.kill()
    assert len(children) == 1
    wait_until(lambda: not alive(children))


def test_the_script_becomes_the_program() -> None:
    command = tethered((sys.executable, "-S", "-c", "import os; print(os.getpid())"), 15)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.communicate()[0] == f"{process.pid}\n"
    assert process.returncode == 0


def test_a_child_whose_parent_died_meanwhile_does_not_start() -> None:
    somebody_else = 1
    program = (sys.executable, "-c", "print('runs')")
    command = list(tethered(program, signal.SIGTERM))
    command[command.index(str(os.getpid()))] = str(somebody_else)
    answer = subprocess.run(command, capture_output=True, check=True)
    assert answer.stdout == b""
