"""Work that a request starts and does not wait for."""

from collections.abc import Coroutine
from contextvars import Context
from typing import Any

from runtime.background import Background


def start_behind(background: Background, name: str, work: Coroutine[Any, Any, object]) -> None:
    """Start work that the deadline of the request does not bound.

    Raises:
        TooMuchInBackground: it was not started.

    """
    Context().run(background.start, name, work)
