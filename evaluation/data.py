"""Rows of the data folder, read by the standard library; nothing of it is kept.

Layout: contract, section 6, and the folder's own README.
"""

import csv
import gzip
import json
import math
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, TypeVar


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


Raw = TypeVar("Raw")
Parsed = TypeVar("Parsed")


def read_stories(path: Path) -> list[Story]:
    """All posts of a ``*.posts.jsonl.gz``, by time of creation."""

    def parse(line: str) -> Story:
        row: dict[str, Any] = json.loads(line)
        return Story(
            id=row["id"],
            author=row["author"] or "",
            created_at=_moment(row["created_at"]),
            category=row["category"],
            tags=tuple(row["tags"]),
        )

    with _opened(path) as file:
        stories = list(_parsed(path, enumerate(file, start=1), parse))
    return sorted(stories, key=lambda story: (story.created_at, story.id))


def read_observations(path: Path) -> list[Observation]:
    def parse(row: dict[str, str]) -> Observation:
        return Observation(
            at=_time(row["t"]),
            post=row["post_id"],
            rank=int(row["rank"]),
            likes=int(row["likes"] or 0),
            comments=int(row["comments"] or 0),
        )

    return sorted(_csv(path, parse))


def read_comments(path: Path) -> list[Comment]:
    def parse(row: dict[str, str]) -> Comment | None:
        if row["type"] != "comment":
            return None
        return Comment(_time(row["t"]), row["user_id"], row["post_id"], row["own_post"] == "1")

    return sorted(comment for comment in _csv(path, parse) if comment is not None)


def read_ratings(path: Path) -> list[Rating]:
    def parse(row: dict[str, str]) -> Rating:
        return Rating(
            int(row["user_id"]), int(row["item_id"]), float(row["rating"]), _time(row["t"])
        )

    return _csv(path, parse)


def _csv(path: Path, parse: Callable[[dict[str, str]], Parsed]) -> list[Parsed]:
    with _opened(path) as file:
        return list(_parsed(path, enumerate(csv.DictReader(file), start=2), parse))


@contextmanager
def _opened(path: Path) -> Generator[IO[str]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            yield file
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UnusableData(f"{path}: {error}; is --data the right folder?") from error


def _parsed(
    path: Path, numbered: Iterable[tuple[int, Raw]], parse: Callable[[Raw], Parsed]
) -> Iterator[Parsed]:
    """What can be read; how many rows cannot, and why the first one, on standard error."""
    good, bad, why = 0, 0, ""
    for line, raw in numbered:
        try:
            parsed = parse(raw)
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            bad, why = bad + 1, why or f"{path}:{line}: {error!r}"
        else:
            good += 1
            yield parsed
    if bad and not good:
        raise UnusableData(f"{why}; no row can be read")
    if bad:
        sys.stderr.write(f"{why}; rows skipped: {bad:,} of {good + bad:,}\n")


def _moment(text: str) -> float:
    """Epoch seconds; a time without a zone is UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _time(text: str) -> float:
    at = float(text)
    if not math.isfinite(at):
        raise ValueError(f"{text} is no time")
    return at


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
