"""What is settled for OpenBLAS, and that it is in time."""

import subprocess
import sys

from runtime.linear_algebra import settle


def test_one_thread_computes_unless_an_operator_says_otherwise() -> None:
    environment: dict[str, str] = {}
    settle(environment)
    assert environment == {"OPENBLAS_NUM_THREADS": "1"}
    given = {"OPENBLAS_NUM_THREADS": "4"}
    settle(given)
    assert given == {"OPENBLAS_NUM_THREADS": "4"}


def test_consumers_settle_it_before_numpy_is_loaded() -> None:
    program = """
import sys
from runtime import linear_algebra
def settle(environment):
    print("numpy" in sys.modules)
linear_algebra.settle = settle
import consumers.__main__
sys.argv = ["consumers", "--help"]
try:
    consumers.__main__.main()
finally:
    print("numpy" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    first, *_, last = done.stdout.split()
    assert (first, last) == ("False", "True")
