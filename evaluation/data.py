"""Rows of the data folder, read by the standard library; nothing of it is kept.

Layout: contract, section 6, and the folder's own README.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple


class UnusableData(Exception):
    """A file is missing or cannot be read; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days in UTC, both ends included."""

    first: date
    last: date

    @property
    def start(self) -> float:
        return _midnight(self.first)

    @property
    def stop(self) -> float:
        """The moment after the last day, in epoch seconds."""
        return _midnight(self.last) + DAY


DAY: Final = 86_400.0


class Story(NamedTuple):
    """A post; times are epoch seconds."""

    id: str
    author: str
    created_at: float
    category: str | None
    tags: tuple[str, ...]


class Observation(NamedTuple):
    at: float
    post: str
    rank: int
    likes: int
    comments: int


class Comment(NamedTuple):
    at: float
    user: str
    post: str
    own_post: bool


class Rating(NamedTuple):
    user: int
    item: int
    rating: float
    at: float


def read_stories(path: Path) -> list[Story]:
    """All posts of a ``*.posts.jsonl.gz``, by time of creation."""
    stories = [
        Story(
            id=row["id"],
            author=row["author"] or "",
            created_at=_seconds(row["created_at"]),
            category=row["category"],
            tags=tuple(row["tags"]),
        )
        for row in _json_lines(path)
    ]
    return sorted(stories, key=lambda story: (story.created_at, story.id))


def read_observations(path: Path) -> list[Observation]:
    rows = [
        Observation(
            float(row["t"]), row["post_id"], int(row["rank"]), int(row["likes"]), _count(row)
        )
        for row in _csv_rows(path)
    ]
    return sorted(rows)


def read_comments(path: Path) -> list[Comment]:
    rows = [
        Comment(float(row["t"]), row["user_id"], row["post_id"], row["own_post"] == "1")
        for row in _csv_rows(path)
        if row["type"] == "comment"
    ]
    return sorted(rows)


def read_ratings(path: Path) -> list[Rating]:
    return [
        Rating(int(row["user_id"]), int(row["item_id"]), float(row["rating"]), float(row["t"]))
        for row in _csv_rows(path)
    ]


def _count(row: dict[str, str]) -> int:
    return int(row["comments"] or 0)


def _csv_rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UnusableData(f"{path}: {error}; is --data the right folder?") from error


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise UnusableData(f"{path}: {error}; is --data the right folder?") from error


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
