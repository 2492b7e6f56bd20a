"""How OpenBLAS, which multiplies matrices for numpy, computes: settled before numpy is loaded.

It reads the environment once, when it is loaded. What an operator has set stays as it is.
"""

from collections.abc import MutableMapping
from typing import Final

THREADS: Final = "OPENBLAS_NUM_THREADS"


def settle(environment: MutableMapping[str, str]) -> None:
    """One thread: classifiers compute in one of their own.

    More would take turns with everybody else, and spin while they wait for each other.
    """
    environment.setdefault(THREADS, "1")
