"""Commands to Redis, its raw replies, and scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from importlib.resources import files
from typing import Final, Protocol, Self, TypeAlias

from redis.exceptions import ResponseError

Argument: TypeAlias = str | bytes | int | float
Command: TypeAlias = tuple[Argument, ...]
Reply: TypeAlias = "int | bytes | list[Reply] | ResponseError | None"

PROTOCOL: Final = 2  # pinned: reply shapes differ between 2 and 3


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua script that touches the keys of one hash slot."""

    text: str
    sha: str

    @classmethod
    def named(cls, name: str) -> Self:
        """Read ``stores/scripts/{name}.lua``."""
        text = files("stores").joinpath("scripts", f"{name}.lua").read_text()
        return cls(text, sha1(text.encode(), usedforsecurity=False).hexdigest())

    def call(self, key: str, *arguments: Argument) -> Command:
        return ("EVALSHA", self.sha, 1, key, *arguments)


class RedisServer(Protocol):
    """Something that answers a pipeline; the error of a single command is its reply."""

    async def run(self, commands: Sequence[Command]) -> list[Reply]: ...
    async def load(self, script: Script) -> None: ...
    async def identities(self) -> str: ...
    async def close(self) -> None: ...


def as_bytes(reply: Reply) -> bytes | None:
    if reply is None or isinstance(reply, bytes):
        return reply
    raise TypeError(f"expected bytes, got {type(reply).__name__}")


def as_int(reply: Reply) -> int:
    """A whole number, also where it comes as text; 0 where there is none."""
    if isinstance(reply, bytes):
        return int(reply)
    if reply is None or isinstance(reply, int):
        return reply or 0
    raise TypeError(f"expected a number, got {type(reply).__name__}")


def as_list(reply: Reply) -> list[Reply]:
    if isinstance(reply, list):
        return reply
    raise TypeError(f"expected a list, got {type(reply).__name__}")
