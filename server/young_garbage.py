"""Work whose leftovers are collected while they are young.

A document's tokens point at each other, so that only the collector frees them. Those that outlive
a few of its rounds, as they do while a long text is read, count as old, and many of those bring on
a collection of all that the process holds: hundreds of milliseconds in which nobody is answered.
"""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def short_lived() -> Generator[None]:
    """No collection inside, however much is made there; right after it, one of the young alone."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect(0)
