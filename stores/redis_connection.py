"""One connection to Redis that any number of callers share.

Pipelines go out as they come and are answered in that order, so that a busy process needs no more
connections than a quiet one, and a caller that leaves loses its own answer and nothing else:
connections are not thrown away because somebody's time was over. redis-py connects, signs in and
reads; a pool of its connections would hold each for a whole turn of the event loop.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field
from typing import Final, cast

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import RedisError, ResponseError

from runtime.background import Background
from stores.redis_protocol import Reply

MOST_WAITING: Final = 10_000  # pipelines without an answer; beyond that something is wrong


@dataclass(frozen=True, slots=True)
class Asked:
    """A pipeline under way: how many replies it waits for, since when, and those that came."""

    count: int
    since: float
    answer: asyncio.Future[list[Reply]]
    replies: list[Reply] = field(default_factory=list["Reply"])


class Link:
    """A connection while it lasts, and who waits for answers on it, in order."""

    def __init__(self, connection: AbstractConnection) -> None:
        self.connection = connection
        self.waiting: deque[Asked] = deque()
        self.is_lost = False

    async def read(self) -> None:
        """Hand out replies until the connection is lost."""
        reason = "the connection was closed"
        try:
            while True:
                reply = await _read(self.connection)
                if not self.waiting:
                    reason = "an answer that nobody asked for"
                    return
                asked = self.waiting[0]
                asked.replies.append(reply)
                if len(asked.replies) == asked.count:
                    self.waiting.popleft()
                    if not asked.answer.done():
                        asked.answer.set_result(asked.replies)
        except (RedisError, OSError) as error:
            reason = str(error)
        finally:
            await self.lose(reason)

    async def lose(self, reason: str) -> None:
        """Close it; whoever still waits is told."""
        self.is_lost = True
        while self.waiting:
            answer = self.waiting.popleft().answer
            if not answer.done():
                answer.set_exception(ConnectionLost(reason))
        await self.connection.disconnect(nowait=True)


class SharedConnection:
    """Connects when it is first used, and anew when the connection is lost.

    A server that owes an answer for longer than ``patience`` seconds is taken for gone. Callers
    bound their own time. Raises what redis-py raises where a connection fails.
    """

    def __init__(self, make: Callable[[], AbstractConnection], patience: float) -> None:
        self._make = make
        self._patience = patience
        self._link: Link | None = None
        self._opening = asyncio.Lock()
        self._background = Background()

    @property
    def waiting(self) -> int:
        """How many pipelines wait for their answers."""
        return 0 if self._link is None else len(self._link.waiting)

    async def run(self, packed: bytes, count: int) -> list[Reply]:
        """The ``count`` replies to packed commands."""
        link = self._link
        if link is None or link.is_lost or self._is_silent(link):
            link = await self._opened()
        loop = asyncio.get_running_loop()
        asked = Asked(count, loop.time(), loop.create_future())
        link.waiting.append(asked)
        try:
            await link.connection.send_packed_command(packed, check_health=False)
            return await asked.answer
        except BaseException:
            asked.answer.cancel()
            raise

    async def close(self) -> None:
        if self._link is not None:
            await self._link.connection.disconnect()
        await self._background.close()

    async def _opened(self) -> Link:
        """A link that works; of many callers one connects."""
        async with self._opening:
            link = self._link
            if link is not None and not link.is_lost:
                if not self._is_silent(link):
                    return link
                await link.lose("it does not answer")
            link = Link(self._make())
            try:
                await link.connection.connect()
            except BaseException:
                await link.connection.disconnect(nowait=True)
                raise
            self._link = link
            # Reading must not inherit the deadline and the log context of this caller.
            Context().run(self._background.start, "redis.read", link.read())
            return link

    def _is_silent(self, link: Link) -> bool:
        if not link.waiting:
            return False
        owed = asyncio.get_running_loop().time() - link.waiting[0].since
        return owed > self._patience or len(link.waiting) > MOST_WAITING


async def _read(connection: AbstractConnection) -> Reply:
    try:
        return cast("Reply", await connection.read_response(disable_decoding=True))
    except ResponseError as error:
        return error
