"""The labeled sets that models learn from: files, columns and what their licenses allow.

``<folder>/<file>.train.csv.gz`` is learned from, ``<file>.test.csv.gz`` only ever measured on.
"""

import csv
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

MAX_FIELD_CHARS: Final = 2_000_000


class Part(StrEnum):
    TRAIN = "train"
    TEST = "test"


class UnreadableSet(ValueError):
    """A file of a set is no gzipped CSV with the columns that it should have."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """``license`` is None where none is stated: such a set trains no model that is shipped."""

    name: str
    file: str
    label: str
    text: str
    license: str | None

    def path(self, folder: Path, part: Part) -> Path:
        return folder / f"{self.file}.{part}.csv.gz"


@dataclass(frozen=True, slots=True)
class Rows:
    """``labels`` are as the file has them; ``digest`` is the SHA-256 of the file."""

    source: DataSet
    texts: Sequence[str]
    labels: Sequence[str]
    digest: str


SPAM_SMS: Final = DataSet(
    "spam_sms", "safety/spam_sms", "label", "text", "free for all purposes (its author)"
)
SPAM_YOUTUBE: Final = DataSet("spam_youtube", "safety/spam_youtube", "label", "text", None)
DAVIDSON: Final = DataSet("toxicity_davidson", "safety/toxicity_davidson", "label", "text", "MIT")
OLID: Final = DataSet("toxicity_olid", "safety/toxicity_olid", "label", "text", None)
NSFW_REDDIT: Final = DataSet("nsfw_reddit", "safety/nsfw_reddit", "nsfw", "title", "PDDL 1.0")
CLICKBAIT: Final = DataSet("clickbait", "safety/clickbait", "label", "text", "MIT")
FAKE_ACCOUNTS: Final = DataSet("fake_accounts", "safety/fake_accounts", "fake", "", None)
REDDIT_TOPICS: Final = DataSet("reddit", "topics/reddit", "category", "title", "PDDL 1.0")


def read_table(path: Path) -> list[Mapping[str, str]]:
    """The rows of a gzipped CSV with a header; raises ``UnreadableSet`` or ``OSError``."""
    csv.field_size_limit(MAX_FIELD_CHARS)
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))
    except (gzip.BadGzipFile, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableSet(f"{path}: {error}") from error


def read_rows(source: DataSet, folder: Path, part: Part) -> Rows:
    path = source.path(folder, part)
    table = read_table(path)
    missing = {source.label, source.text} - set(table[0] if table else ())
    if table and missing:  # a file without rows is an empty set
        raise UnreadableSet(f"{path}: no column {', '.join(sorted(missing))}")
    return Rows(
        source,
        [row[source.text] or "" for row in table],
        [row[source.label] or "" for row in table],
        sha256(path.read_bytes()).hexdigest(),
    )
