"""Heads of one trending list that were shown, by version, for those who come back.

A version names exactly one head. Versions count up from a number drawn at random, so that one of
another process, or of somebody else's heads, is not known here: it is answered with the whole
head, never with the difference to a head that its holder does not hold.
"""

from collections import OrderedDict
from dataclasses import dataclass

from services.pages import TrendingHead


@dataclass(frozen=True, slots=True)
class ShownHead:
    """The ids of the posts in order of rank, the first one's is 1."""

    version: int
    posts: tuple[str, ...]


class ShownHeads:
    """The latest `kept` of them; `first` is the first version."""

    def __init__(self, first: int, kept: int) -> None:
        self._next = first
        self._kept = kept
        self._latest: ShownHead | None = None
        self._recent: OrderedDict[int, ShownHead] = OrderedDict()

    def show(self, head: TrendingHead) -> ShownHead:
        """Remember a head: the latest one again if nothing moved, else one of a new version."""
        posts = tuple(item.card.record.id for item in head.items)
        if self._latest is not None and self._latest.posts == posts:
            return self._latest
        shown = self._latest = self._recent[self._next] = ShownHead(self._next, posts)
        self._next += 1
        if len(self._recent) > self._kept:
            self._recent.popitem(last=False)
        return shown

    def at(self, version: int | None) -> ShownHead | None:
        """The head that had the version, if it is remembered."""
        return None if version is None else self._recent.get(version)
