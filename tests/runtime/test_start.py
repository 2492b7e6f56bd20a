"""How a process ends when it cannot begin."""

import subprocess
import sys

import pytest

from runtime.start import CannotStart, run_or_refuse


def test_a_refusal_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    def main() -> None:
        raise CannotStart("port 8000 is taken", "set EXPLORE_HTTP_PORT to another")

    with pytest.raises(SystemExit) as left:
        run_or_refuse(main)
    assert left.value.code == 2
    assert capsys.readouterr().err == "port 8000 is taken: set EXPLORE_HTTP_PORT to another\n"


def test_other_outcomes() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    for main, status in ((lambda: None, 0), (lambda: 3, 3), (interrupted, 130)):
        with pytest.raises(SystemExit) as left:
            run_or_refuse(main)
        assert left.value.code == status


def test_a_process_leaves_without_a_traceback() -> None:
    program = (
        "import os\nfrom runtime.settings import load_settings\n"
        "from runtime.start import run_or_refuse\n"
        "run_or_refuse(lambda: load_settings(os.environ) and None)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"EXPLORE_HTTP_PORT": "many"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "EXPLORE_HTTP_PORT is no number in its range: use 0 to 65535\n"
