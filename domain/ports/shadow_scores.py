"""What models that run in shadow say of posts."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.classification import Comparison


class ShadowScores(Protocol):
    async def add(self, comparisons: Mapping[str, Sequence[Comparison]]) -> None:
        """By post; a post's newer scores by the same model replace the older ones."""
        ...

    async def drop(self, *, before: float) -> None: ...
