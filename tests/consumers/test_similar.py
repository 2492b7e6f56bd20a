"""Lists of similar posts follow what people did, are written when they change, and end."""

from consumers.similar import creators_followed_together, similar_posts
from domain.events import Action
from domain.ports.interactions import InteractionRow
from tests.consumers.log import NOON
from tests.contracts.events import relation
from tests.fakes.clock import FixedClock
from tests.fakes.follows import MemoryFollows
from tests.fakes.interactions import MemoryInteractions
from tests.fakes.pools import MemoryPools

MONTH = 30 * 86_400.0


class World:
    def __init__(self) -> None:
        self.clock = FixedClock(NOON)
        self.interactions = MemoryInteractions()
        self.pools = MemoryPools()
        self.similar = similar_posts(self.interactions, self.pools, self.clock)

    async def act(self, who: str, action: Action, post: str) -> None:
        number = len(self.interactions.rows)
        at = self.clock.now() + number / 1_000
        await self.interactions.insert(
            [InteractionRow(0, number, at, who, action, post, None, None, counted=True)]
        )


async def test_what_two_people_like_leads_to_each_other() -> None:
    world = World()
    for who in ("ann", "bob"):
        for post in ("x", "y"):
            await world.act(who, Action.LIKE, post)
    await world.act("bob", Action.VIEW, "z")
    await world.similar.derive()
    assert world.pools.members == {"similar:x": {"y": 1.0}, "similar:y": {"x": 1.0}}


async def test_what_is_taken_back_or_long_ago_ends() -> None:
    world = World()
    for who in ("ann", "bob"):
        for post in ("x", "y"):
            await world.act(who, Action.SAVE, post)
    await world.similar.derive()
    await world.act("bob", Action.UNSAVE, "y")
    await world.similar.derive()
    assert world.pools.members == {"similar:x": {}, "similar:y": {}}
    await world.act("bob", Action.SAVE, "y")
    await world.similar.derive()
    assert world.pools.members["similar:x"] == {"y": 1.0}
    world.clock.advance(MONTH + 60.0)
    await world.similar.derive()
    assert world.pools.members["similar:x"] == {}


async def test_creators_whom_two_people_follow_lead_to_each_other() -> None:
    world, follows = World(), MemoryFollows()
    together = creators_followed_together(follows, world.pools)
    for who in ("ann", "bob"):
        for creator in ("cy", "dee"):
            await follows.follow([relation(who, creator)])
    await follows.follow([relation("bob", "eve")])
    await together.derive()
    assert world.pools.members == {
        "creators:with:cy": {"dee": 1.0},
        "creators:with:dee": {"cy": 1.0},
    }
    await follows.follow([relation("bob", "dee", 1, active=False)])
    await together.derive()
    assert world.pools.members == {"creators:with:cy": {}, "creators:with:dee": {}}
