"""The categories of the explore page."""

from typing import Final

import msgspec

# Short forms that are written in capitals.
ACRONYMS: Final = frozenset(
    {"ai", "api", "ar", "diy", "dj", "eu", "fps", "gpu", "ios", "iot", "it", "ml", "nba", "nfl"}
    | {"nft", "pc", "rpg", "seo", "tv", "ui", "uk", "us", "usa", "ux", "vr"}
)
SMALL_WORDS: Final = frozenset(
    ("a", "and", "for", "in", "of", "on", "or", "the", "to", "vs", "with")
)


class CategoryRecord(msgspec.Struct, frozen=True, kw_only=True):
    slug: str
    name: str
    description: str | None = None
    icon_url: str | None = None
    display_order: int = 0
    is_active: bool = True


def readable_name(slug: str) -> str:
    """A name for a category of which nothing but the slug is known: ``ai-ml`` is AI & ML."""
    words = slug.split("-")
    if len(words) > 1 and ACRONYMS.issuperset(words):
        return " & ".join(word.upper() for word in words)
    return " ".join(_written(word, first=place == 0) for place, word in enumerate(words))


def _written(word: str, *, first: bool) -> str:
    if word in ACRONYMS:
        return word.upper()
    return word if word in SMALL_WORDS and not first else word.capitalize()
