"""The chain of moderators' decisions, checked link by link.

Each link's hash covers its content and the hash of the link before. PostgreSQL makes the chain
(migration 0010); this is the same arithmetic once more: what checks is not what made it.
Whoever can rewrite the whole table can rewrite the whole chain: against that, keep the head that
a check prints somewhere else and give it to the next one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

FIRST: Final = bytes(32)  # the hash before the first link


@dataclass(frozen=True, slots=True)
class Link:
    """A decision as it stands in the history; ``at`` is in microseconds since 1970."""

    position: int
    id: int
    post_id: str
    at: int
    actor: str
    decision: str
    reason: str | None
    note: str | None
    previous: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: at the row ``id``, or where a row should be."""

    position: int
    problem: str
    id: int | None = None
    post_id: str | None = None

    @property
    def text(self) -> str:
        """For people, in a line."""
        row = "" if self.id is None else f" (row {self.id}, post {self.post_id})"
        return f"position {self.position}{row}: {self.problem}"


@dataclass(frozen=True, slots=True)
class ChainHead:
    """What the chain's own row says: how many links there are, and the hash of the last."""

    length: int
    hash: bytes


def link_hash(link: Link) -> bytes:
    """SHA-256 over the previous hash and the fields, each with its length in bytes before it."""
    fields = (
        str(link.position),
        str(link.id),
        link.post_id,
        str(link.at),
        link.actor,
        link.decision,
        link.reason,
        link.note,
    )
    text = ",".join("-" if field is None else f"{len(field.encode())}:{field}" for field in fields)
    return sha256(link.previous + text.encode()).digest()


class ChainCheck:
    """Goes along the chain from its first link; ``breaks`` names what it finds."""

    def __init__(self, known_head: bytes | None = None) -> None:
        self.length = 0
        self.head = FIRST
        self._known = known_head
        self._known_seen = known_head is None or known_head == FIRST

    def follow(self, links: Iterable[Link]) -> Iterator[Break]:
        """What is wrong with the next links, which come by position."""
        for link in links:
            yield from self._missing_before(link.position)
            if link.previous != self.head:
                yield _at(link, "it does not follow from the row before")
            if link_hash(link) != link.hash:
                yield _at(link, "its content is not what was recorded")
            self.length, self.head = link.position, link.hash
            self._known_seen = self._known_seen or link.hash == self._known

    def end(self, head: ChainHead | None) -> Iterator[Break]:
        """What is wrong with the chain as a whole."""
        if head is None:
            yield Break(self.length, "the chain's own row is gone")
        elif head.length > self.length:
            yield from self._missing_before(head.length + 1)
        elif (head.length, head.hash) != (self.length, self.head):
            yield Break(self.length, "the chain's own row names another end")
        if not self._known_seen:
            yield Break(self.length, "the head known from before is no link: all was rewritten")

    def _missing_before(self, position: int) -> Iterator[Break]:
        first, last = self.length + 1, position - 1
        if first == last:
            yield Break(first, "the row is missing")
        elif first < last:
            yield Break(first, f"the rows up to position {last} are missing")


def _at(link: Link, problem: str) -> Break:
    return Break(link.position, problem, link.id, link.post_id)
