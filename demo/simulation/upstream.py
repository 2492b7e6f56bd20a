"""The services that explore listens to: posts, their classifiers, and reactions elsewhere."""

import random
from collections.abc import Sequence

from demo.simulation.known_posts import KnownPost, KnownPosts
from demo.world.people import Person
from demo.world.posts import DemoPost
from demo.world.reactions import KINDS
from demo.world.world import World, follower_count, new_post
from domain.events import EngagementType, EngagementUpdated, Event, UserUpdated

VIEWS_SHARE = 0.25  # share of reactions that are views of an unnamed crowd


class Upstream:
    """Makes events; whoever calls publishes them."""

    def __init__(self, world: World, known: KnownPosts, dice: random.Random) -> None:
        self._world = world
        self._known = known
        self._dice = dice
        self._introduced: set[str] = set()

    def post(self, now: float) -> Sequence[Event]:
        """A new post and what the classifiers say; its creator first, where not told yet."""
        made = new_post(self._world, f"n{round(now * 1_000):x}", now)
        self._known.meet(_known(made))
        creator = next(c for c in self._world.creators if c.id == made.post.author_id)
        events: list[Event] = [made.post, made.judgment(now)]
        if creator.id not in self._introduced:
            self._introduced.add(creator.id)
            events.insert(0, introduction(creator))
        return events

    def reaction(self, now: float) -> Sequence[Event]:
        """Somebody reacts to something that people talk about; nothing where nothing is known."""
        post = self._known.draw(self._dice, now)
        if post is None:
            return ()
        if self._dice.random() < VIEWS_SHARE:
            return (_reaction(post, EngagementType.VIEW, self._dice.randint(3, 40), now),)
        fans = self._world.fans.get(post.category or "") or self._world.viewers
        person = self._dice.choice(fans)
        kind = self._dice.choices([kind for kind, _ in KINDS], [share for _, share in KINDS])[0]
        return (_reaction(post, kind, 1, now, person),)


def introduction(creator: Person) -> UserUpdated:
    return UserUpdated(
        user_id=creator.id,
        handle=creator.handle,
        display_name=creator.name,
        follower_count=follower_count(creator),
        region=creator.region,
        languages=[creator.language],
    )


def _known(made: DemoPost) -> KnownPost:
    return KnownPost(made.post.post_id, made.category, made.region, made.pull, made.created_at)


def _reaction(
    post: KnownPost, kind: EngagementType, delta: int, now: float, person: Person | None = None
) -> EngagementUpdated:
    at = round(now * 1_000)
    return EngagementUpdated(
        post_id=post.id,
        type=kind,
        delta=delta,
        user_id=person.id if person else None,
        event_id=f"sim:{post.id}:{kind}:{person.id if person else 'crowd'}:{at}",
        region=person.region if person else post.region,
        timestamp=at,
    )
