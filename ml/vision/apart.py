"""open_nsfw in a process apart (port ``ImageClassifier``): started when there is a picture.

A thread that decodes a hostile picture can neither be stopped nor kept from taking the process
along; a process can be killed, and what it holds is not ours.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Final

import structlog

from domain.errors import Unavailable
from domain.images import ImageRefused, Refusal
from ml.vision.bands import on_policy_scale
from ml.vision.weights import VERSION, installed_weights

ROOT: Final = Path(__file__).resolve().parents[2]
COMMAND: Final = (sys.executable, "-m", "ml.vision")
ENVIRONMENT: Final = ("PATH", "LD_LIBRARY_PATH", "LANG")
"""All that it gets of ours: neither addresses of engines nor secrets."""
START: Final = 20.0  # seconds to load the network
PATIENCE: Final = 3.0  # seconds for a picture; it takes some 20 ms
LENGTH_BYTES: Final = 4
READY: Final = b"ready\n"
SCORED: Final = "scored"
REFUSED: Final = "refused"

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class OpenNsfw:
    """One picture at a time; a process that does not answer in time is killed."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._free = asyncio.Lock()
        self._process: Process | None = None

    @property
    def version(self) -> str:
        return VERSION

    @property
    def process_id(self) -> int | None:
        return None if self._process is None else self._process.pid

    def check(self) -> None:
        """Raises ``ModelUnavailable`` where the network cannot be used. Blocks: it is hashed."""
        installed_weights()

    async def score(self, content: bytes) -> float:
        async with self._free:
            try:
                return _score(await self._ask(content))
            except (Unavailable, asyncio.CancelledError):
                await self._kill()  # an answer may be underway, which is none to the next request
                raise

    async def close(self) -> None:
        async with self._free:
            await self._kill()

    async def _ask(self, content: bytes) -> str:
        try:
            process = await self._started()
            async with asyncio.timeout(self._patience):
                return (await _exchange(process, content)).decode().strip()
        except TimeoutError as error:
            raise Unavailable("vision", "too slow") from error
        except OSError as error:
            raise Unavailable("vision", type(error).__name__) from error

    async def _started(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
            self._process = await asyncio.create_subprocess_exec(
                *COMMAND,
                stdin=PIPE,
                stdout=PIPE,
                cwd=ROOT,
                env=environment,
                start_new_session=True,  # Ctrl-C is for us, and then for it
            )
            async with asyncio.timeout(START):
                if await _line(self._process) != READY:
                    raise Unavailable("vision", "does not start")
        return self._process

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        # Reads to the end, which also closes the pipes.
        await process.communicate()
        log.info("vision.ended")


async def _exchange(process: Process, content: bytes) -> bytes:
    if process.stdin is not None:
        process.stdin.write(len(content).to_bytes(LENGTH_BYTES, "big") + content)
        await process.stdin.drain()
    return await _line(process)


async def _line(process: Process) -> bytes:
    line = b"" if process.stdout is None else await process.stdout.readline()
    if not line.endswith(b"\n"):
        raise Unavailable("vision", "ended")
    return line


def _score(answer: str) -> float:
    kind, _, what = answer.partition(" ")
    if kind == REFUSED:
        raise ImageRefused(Refusal(what))
    return on_policy_scale(float(what))
