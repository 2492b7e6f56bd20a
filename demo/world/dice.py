"""Draws that depend on a seed and names only, so that the world is the same on every machine."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def dice(*names: object) -> random.Random:
    """A generator of its own for whatever the names name."""
    return random.Random("/".join(map(str, names)))  # noqa: S311 - a story, not a secret


def zipf_weights(count: int, exponent: float = 0.9) -> list[float]:
    """Falling weights of ranks 1 to `count`: few draw most of the attention."""
    return [1.0 / rank**exponent for rank in range(1, count + 1)]


def few(draw: random.Random, items: Sequence[T], least: int, most: int) -> list[T]:
    """Between `least` and `most` different items."""
    return draw.sample(items, min(len(items), draw.randint(least, most)))
