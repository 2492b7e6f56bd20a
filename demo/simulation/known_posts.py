"""The posts that people talk about at present: new ones, and those that visitors were shown."""

import random
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

MOST: Final = 600
HALF_LIFE: Final = 4 * 3_600.0  # seconds in which interest in a post halves
SPOTLIGHT_SECONDS: Final = 120.0
SPOTLIGHT_SHARE: Final = 0.35


@dataclass(frozen=True, slots=True)
class KnownPost:
    """`pull` as of `demo.world.posts`; `created_at` in epoch seconds."""

    id: str
    category: str | None
    region: str | None
    pull: float
    created_at: float


class KnownPosts:
    """At most `MOST`; the ones met longest ago are forgotten."""

    def __init__(self) -> None:
        self._posts: OrderedDict[str, KnownPost] = OrderedDict()
        self._spotlight: KnownPost | None = None
        self._spotlight_ends = 0.0

    def __len__(self) -> int:
        return len(self._posts)

    def meet(self, post: KnownPost) -> None:
        known = self._posts.pop(post.id, post)
        self._posts[post.id] = known
        if len(self._posts) > MOST:
            self._posts.popitem(last=False)

    def draw(self, dice: random.Random, now: float) -> KnownPost | None:
        """Whom the next reaction goes to: often the post of the hour, else by pull and age."""
        posts = list(self._posts.values())
        if not posts:
            return None
        weights = [
            post.pull * 2 ** (-max(now - post.created_at, 0.0) / HALF_LIFE) for post in posts
        ]
        if not sum(weights):
            weights = [post.pull for post in posts]
        if self._spotlight is None or now > self._spotlight_ends:
            self._spotlight = dice.choices(posts, weights)[0]
            self._spotlight_ends = now + SPOTLIGHT_SECONDS
        if dice.random() < SPOTLIGHT_SHARE:
            return self._spotlight
        return dice.choices(posts, weights)[0]
