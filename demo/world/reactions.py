"""What people did with the world's posts in the past: known people one by one, crowds in steps."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from demo.world.dice import dice
from demo.world.people import Person
from demo.world.posts import DemoPost
from domain.events import EngagementType, EngagementUpdated

# Shares of what people do, views apart.
KINDS: Final = (
    (EngagementType.LIKE, 0.66),
    (EngagementType.COMMENT, 0.14),
    (EngagementType.SAVE, 0.10),
    (EngagementType.SHARE, 0.05),
    (EngagementType.REPOST, 0.05),
)
INTEREST_SECONDS: Final = 5 * 3_600.0  # mean age of a post at a reaction
BURST_SECONDS: Final = 2_400.0  # how far back a burst of today began
VIEWS_PER_REACTION: Final = (9, 30)
CROWD: Final = 25.0  # reactions beyond this many come from people without a name here
STRANGERS: Final = 0.15  # share of reactions from people with other tastes


def past_reactions(
    seed: int, demo_post: DemoPost, fans: Mapping[str, Sequence[Person]], as_of: float
) -> Iterator[EngagementUpdated]:
    """All reactions to a post up to `as_of`, epoch seconds; `fans` are the viewers by topic."""
    draw = dice(seed, "reactions", demo_post.post.post_id)
    count = min(round(demo_post.pull), round(CROWD * 4))
    everyone = fans[""]
    reactions = 0
    done: set[tuple[str, EngagementType]] = set()
    for number in range(count):
        at = _moment(draw, demo_post, as_of)
        if at is None:
            continue
        stranger = draw.random() < STRANGERS
        person = draw.choice(everyone if stranger else fans[demo_post.category])
        kind = draw.choices([k for k, _ in KINDS], [share for _, share in KINDS])[0]
        reactions += 1
        if (person.id, kind) not in done:
            done.add((person.id, kind))
            yield _event(demo_post, kind, 1, at, str(number), person)
    yield from _crowd(draw, demo_post, reactions, as_of)


def _crowd(
    draw: random.Random, demo_post: DemoPost, reactions: int, as_of: float
) -> Iterator[EngagementUpdated]:
    """Views, and the likes of a popular post, as counter steps."""
    beyond = demo_post.pull - CROWD
    if beyond > 0 and reactions:
        for part in (0.5, 0.3, 0.2):
            at = _moment(draw, demo_post, as_of)
            if at is not None:
                likes = round(beyond * part) + 1
                yield _event(demo_post, EngagementType.LIKE, likes, at, f"crowd-{part}")
    if reactions:
        views = round((reactions + max(beyond, 0.0)) * draw.uniform(*VIEWS_PER_REACTION))
        at = _moment(draw, demo_post, as_of) or as_of
        yield _event(demo_post, EngagementType.VIEW, views, at, "views")


def _moment(draw: random.Random, demo_post: DemoPost, as_of: float) -> float | None:
    """When a reaction happens; None where that is still to come."""
    if draw.random() < demo_post.burst:
        at = as_of - draw.random() * BURST_SECONDS
    else:
        at = demo_post.created_at + draw.expovariate(1.0 / INTEREST_SECONDS)
    return at if demo_post.created_at < at <= as_of else None


def _event(
    demo_post: DemoPost,
    kind: EngagementType,
    delta: int,
    at: float,
    name: str,
    person: Person | None = None,
) -> EngagementUpdated:
    return EngagementUpdated(
        post_id=demo_post.post.post_id,
        type=kind,
        delta=delta,
        user_id=person.id if person else None,
        event_id=f"demo:{demo_post.post.post_id}:{name}",
        region=person.region if person else demo_post.region,
        timestamp=round(at * 1_000),
    )
