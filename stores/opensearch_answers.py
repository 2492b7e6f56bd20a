"""What OpenSearch answers, as far as it is read."""

from typing import Any

import msgspec


class Hit(msgspec.Struct, frozen=True):
    id: str = msgspec.field(name="_id")
    score: float | None = msgspec.field(name="_score", default=None)
    source: dict[str, Any] = msgspec.field(name="_source", default_factory=dict[str, Any])
    highlight: dict[str, list[str]] = msgspec.field(default_factory=dict[str, list[str]])


class Total(msgspec.Struct, frozen=True):
    value: int
    relation: str


class Hits(msgspec.Struct, frozen=True):
    hits: list[Hit]
    total: Total | None = None


class Found(msgspec.Struct, frozen=True):
    hits: Hits


class Failure(msgspec.Struct, frozen=True):
    type: str
    reason: str = ""


class Answer(msgspec.Struct, frozen=True):
    """Of one search among several: the call succeeds where it failed."""

    hits: Hits | None = None
    status: int = 0
    error: Failure | None = None


class Answers(msgspec.Struct, frozen=True):
    responses: list[Answer]


class Written(msgspec.Struct, frozen=True):
    """The outcome of one operation of a bulk request."""

    id: str = msgspec.field(name="_id")
    status: int
    error: Failure | None = None


class Bulk(msgspec.Struct, frozen=True):
    items: list[dict[str, Written]]
