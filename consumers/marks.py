"""What tells the consumers that a log or the store of their fences is another."""

from typing_extensions import override

from consumers.membership import LogMark, LogMarks
from stores.redis_log import RedisLog


class RedisMarks(LogMarks):
    def __init__(self, log: RedisLog) -> None:
        self._log = log

    @override
    async def read(self) -> LogMark:
        return LogMark(await self._log.epoch(), await self._log.store())
