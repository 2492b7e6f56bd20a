"""Checks of what callers ask for; every refusal names the argument and its range."""

from typing import Final

from domain.errors import InvalidInput
from domain.identifiers import is_region

EXPLORE_MOST: Final = 50
TRENDING_MOST: Final = 100
CATEGORIES_MOST: Final = 100
CREATORS_MOST: Final = 100
POSTS_MOST: Final = 100
HASHTAGS_MOST: Final = 100
SEARCH_MOST: Final = 100
SUGGEST_MOST: Final = 20
NODES_MOST: Final = 100
QUEUE_MOST: Final = 100


def check_first(first: int, most: int) -> int:
    """The page size as it is.

    Raises:
        InvalidInput: it is not 1 to ``most``.

    """
    if not 1 <= first <= most:
        raise InvalidInput(f"`first` must be 1 to {most}.", field="first")
    return first


def check_region(region: str | None, field: str = "region") -> str | None:
    """The region as it is.

    Raises:
        InvalidInput: it is not two capital letters.

    """
    if region is not None and not is_region(region):
        raise InvalidInput(f"`{field}` must be two capital letters, such as DE.", field=field)
    return region


def check_text(text: str, field: str, most: int) -> str:
    """The text without outer blanks.

    Raises:
        InvalidInput: it is empty, too long, or holds NUL or a lone surrogate.

    """
    stripped = text.strip()
    if not 1 <= len(stripped) <= most:
        raise InvalidInput(f"`{field}` must be 1 to {most} characters.", field=field)
    if "\0" in stripped or any("\ud800" <= letter <= "\udfff" for letter in stripped):
        raise InvalidInput(f"`{field}` holds characters that are none.", field=field)
    return stripped
