"""Which posts were classified, by whomever, and which are not yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.posts import PostRecord


@dataclass(frozen=True, slots=True)
class Attempt:
    """That our classifiers looked at a post: at which words, and which models did."""

    material: bytes
    source: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether anybody has scored a post, whether wholly, and our own last attempt at it.

    It is ``judged`` wholly where spam, NSFW and toxicity have scores or a machine has decided.
    """

    scored: bool
    ours: Attempt | None = None
    judged: bool = False

    def wants(self, attempt: Attempt) -> bool:
        """Whether the attempt is to be made.

        What others have judged wholly is left to them; where they scored a part, ours fill in the
        rest. A word of ours that was lost is said again.
        """
        return not self.judged or (self.ours is not None and self.ours != attempt)


class Classifications(Protocol):
    """What was classified, by whomever, and what is not yet."""

    async def standings(self, post_ids: Sequence[str]) -> Mapping[str, Standing]:
        """Of the posts that are known of; the others are missing."""
        ...

    async def remember(self, attempts: Mapping[str, Attempt]) -> None: ...
    async def missed(self, source: str, *, before: float, limit: int) -> Sequence[PostRecord]:
        """Posts not judged wholly, known of since before a time, not tried by this source.

        Those that nobody has judged at all come first.
        """
        ...
