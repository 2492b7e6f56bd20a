"""The whole world from one seed: the same people and posts on every machine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from demo.world.dice import dice
from demo.world.people import Follow, Person, make_creators, make_follows, make_viewers
from demo.world.posts import DemoPost, make_post
from demo.world.vocabulary import SLUGS, read_words
from domain.categories import CategoryRecord

SEED: Final = 20
CREATORS: Final = 300
VIEWERS: Final = 400
POSTS: Final = 3_000
SPAN: Final = 7 * 86_400.0  # seconds that the past posts cover
REFERENCE_FOLLOWERS: Final = 180_000  # of the most popular creator, where the world is told


@dataclass(frozen=True, slots=True)
class World:
    """`fans` are the viewers by each of their topics, and all of them under the empty text."""

    seed: int
    categories: Sequence[CategoryRecord]
    creators: Sequence[Person]
    viewers: Sequence[Person]
    follows: Sequence[Follow]
    fans: Mapping[str, Sequence[Person]]


def make_world(seed: int = SEED, *, creators: int = CREATORS, viewers: int = VIEWERS) -> World:
    people = make_creators(seed, creators)
    audience = make_viewers(seed, viewers)
    fans = {slug: [v for v in audience if slug in v.topics] for slug in SLUGS}
    return World(
        seed=seed,
        categories=_categories(),
        creators=people,
        viewers=audience,
        follows=make_follows(seed, audience, people),
        fans={**fans, "": audience},
    )


def past_posts(world: World, as_of: float, count: int = POSTS) -> Iterator[DemoPost]:
    """`count` posts of the `SPAN` before `as_of`, oldest first, somewhat denser towards it."""
    draw = dice(world.seed, "times")
    ages = sorted((SPAN * draw.betavariate(1.0, 1.3) for _ in range(count)), reverse=True)
    for number, age in enumerate(ages):
        yield new_post(world, f"{number:05}", as_of - age)


def new_post(world: World, number: str, created_at: float) -> DemoPost:
    """The post of this number, by a creator drawn by its pull."""
    draw = dice(world.seed, "author", number)
    creator = draw.choices(world.creators, [c.pull**0.5 for c in world.creators])[0]
    return make_post(world.seed, number, creator, created_at)


def follower_count(creator: Person) -> int:
    """How many people follow a creator in all, most of whom the world does not tell of."""
    return 12 + round(REFERENCE_FOLLOWERS * creator.pull**1.3)


def _categories() -> list[CategoryRecord]:
    words = read_words().categories
    return [
        CategoryRecord(
            slug=slug,
            name=words[slug].name,
            description=words[slug].description,
            display_order=place,
        )
        for place, slug in enumerate(SLUGS, start=1)
    ]
