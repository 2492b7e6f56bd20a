"""Streams end with the token that opened them: who asks is proved for that long and no longer."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

from server.error_codes import Code
from server.refusals import Refused

T = TypeVar("T")


async def while_proved(results: AsyncGenerator[T], seconds: float | None) -> AsyncGenerator[T]:
    """The results that come within so many seconds; all of them where that is None.

    Raises:
        Refused: with `UNAUTHENTICATED`, when the time is over.

    """
    end = None if seconds is None else asyncio.get_running_loop().time() + seconds
    async with aclosing(results) as open_results:
        while True:
            try:
                async with asyncio.timeout_at(end):
                    result = await anext(open_results)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise proof_over() from None
            yield result


def proof_over() -> Refused:
    """What is told to whose token has ended meanwhile."""
    return Refused("The access token is over.", Code.UNAUTHENTICATED)
