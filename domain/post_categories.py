"""Categories that an event gives a post, as the post holds them."""

from collections.abc import Sequence
from typing import Final

from domain.events import CategoryGuess
from domain.identifiers import slugify
from domain.posts import PostCategory

MAX_CATEGORIES: Final = 10


def post_categories(guesses: Sequence[CategoryGuess] | None) -> tuple[PostCategory, ...] | None:
    """By confidence, the best first; of a slug told twice the higher. None where none were given.

    What is no slug is made one, or dropped.
    """
    if guesses is None:
        return None
    best: dict[str, float] = {}
    for guess in guesses:
        slug = slugify(guess.slug)
        if slug:
            best[slug] = max(best.get(slug, 0.0), guess.confidence)
    ordered = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    return tuple(PostCategory(slug, confidence) for slug, confidence in ordered[:MAX_CATEGORIES])
