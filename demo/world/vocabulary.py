"""What the world's posts are made of, read from the TOML files beside this module.

`categories/<slug>.toml` holds English things, titles and sentences; `languages/<code>.toml` the
general phrases of another language with its word for each category.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

import msgspec

# In display order.
SLUGS: Final = (
    "technology",
    "science",
    "gaming",
    "music",
    "movies-tv",
    "books-writing",
    "art-design",
    "photography",
    "food",
    "travel-outdoors",
    "sports",
    "fitness-health",
    "fashion-beauty",
    "home-diy",
    "animals-pets",
    "finance-careers",
)
LANGUAGES: Final = ("de", "fr", "es", "pt", "ja", "hi")
PLACES: Final = (
    "Lisbon",
    "Leipzig",
    "Pune",
    "Osaka",
    "Recife",
    "Lagos",
    "Glasgow",
    "Lyon",
    "Oaxaca",
    "Tartu",
    "Portland",
    "Busan",
    "Ghent",
    "Palermo",
    "Hobart",
)
WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
T = TypeVar("T")
_FOLDER = Path(__file__).parent


class Vocabulary(msgspec.Struct, frozen=True):
    """One category's words."""

    name: str
    description: str
    hashtags: list[str]
    things: list[str]
    titles: list[str]
    sentences: list[str]


class Phrases(msgspec.Struct, frozen=True):
    """One language's phrases; `topics` has the word for each category by its slug."""

    titles: list[str]
    sentences: list[str]
    weekdays: list[str]
    topics: dict[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    categories: dict[str, Vocabulary]
    languages: dict[str, Phrases]


@cache
def read_words() -> Words:
    return Words(
        {slug: _read(_FOLDER / "categories" / f"{slug}.toml", Vocabulary) for slug in SLUGS},
        {code: _read(_FOLDER / "languages" / f"{code}.toml", Phrases) for code in LANGUAGES},
    )


def _read(path: Path, kind: type[T]) -> T:
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), kind)
