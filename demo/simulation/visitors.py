"""People with tastes who open the explore page, look, react and sometimes turn the page."""

import random
from collections.abc import Sequence
from typing import Final

from demo.simulation.answers import EdgeRead, PageRead
from demo.simulation.client import ExploreClient
from demo.simulation.known_posts import KnownPost, KnownPosts
from demo.world.people import Person
from domain.identifiers import decode_global_id

PAGE: Final = 20
TURNS_PAGE: Final = 0.3  # share of visits that go on to a second page
CHOOSES_TOPICS: Final = 0.5  # share of people who say at first what they like
PULL: Final = 6.0  # of posts that were served, as of demo.world.posts
LOOK_MS: Final = {True: 9_000.0, False: 1_800.0}  # mean time on screen, to one's taste or not
# Probability of each action on a post to one's taste; beside it, on any other.
ACTIONS: Final = (
    ("LIKE", 0.35, 0.02),
    ("SAVE", 0.06, 0.002),
    ("COMMENT", 0.05, 0.004),
    ("SHARE", 0.03, 0.001),
)
FOLLOWS: Final = 0.02
HIDES: Final = 0.01
Interaction = dict[str, object]


def react(dice: random.Random, person: Person, edges: Sequence[EdgeRead]) -> list[Interaction]:
    """What a person does with a page, as inputs of `trackInteractions`."""
    done: list[Interaction] = []
    for edge in edges:
        fits = edge.node.category in person.topics
        seen: Interaction = {"postId": edge.node.id}
        token = {"impressionToken": edge.impression_token}
        look = min(round(dice.expovariate(1 / LOOK_MS[fits])), 600_000)
        done.append({"target": seen, "action": "VIEW", "durationMs": look, **token})
        for action, to_taste, otherwise in ACTIONS:
            if dice.random() < (to_taste if fits else otherwise):
                done.append({"target": seen, "action": action, **token})
        creator = edge.node.creator
        if fits and not creator.is_followed_by_viewer and dice.random() < FOLLOWS:
            done.append({"target": {"creatorId": creator.id}, "action": "FOLLOW"})
        if not fits and dice.random() < HIDES:
            done.append({"target": seen, "action": "NOT_INTERESTED", **token})
    return done


class Visitors:
    """Visits by people drawn from `people`; what they are shown becomes known."""

    def __init__(
        self,
        client: ExploreClient,
        people: Sequence[Person],
        known: KnownPosts,
        dice: random.Random,
    ) -> None:
        self._client = client
        self._people = people
        self._known = known
        self._dice = dice
        self._welcomed: set[str] = set()

    async def visit(self) -> None:
        """One visit of one person.

        Raises:
            Unavailable: the API is away.
            AskedToWait: the person comes too often.
            Refused: the API does not take what it was asked.

        """
        person = self._dice.choice(self._people)
        await self._welcome(person)
        page = await self._open(person, None)
        if page and page.page_info.has_next_page and self._dice.random() < TURNS_PAGE:
            await self._open(person, page.page_info.end_cursor)

    async def _welcome(self, person: Person) -> None:
        if person.id in self._welcomed:
            return
        self._welcomed.add(person.id)
        if self._dice.random() < CHOOSES_TOPICS:
            chosen = {"input": {"slugs": person.topics}}
            await self._client.ask("SetOnboardingCategories", chosen, person.id)

    async def _open(self, person: Person, after: str | None) -> PageRead | None:
        reads = await self._client.ask("Explore", {"first": PAGE, "after": after}, person.id)
        page = reads.explore
        if page is None or not page.edges:
            return page
        for edge in page.edges:
            self._meet(edge)
        interactions = react(self._dice, person, page.edges)
        await self._client.ask(
            "TrackInteractions", {"input": {"interactions": interactions[:100]}}, person.id
        )
        return page

    def _meet(self, edge: EdgeRead) -> None:
        post = edge.node
        name = decode_global_id(post.id)
        if name is not None:
            at = post.created_at.timestamp()
            self._known.meet(KnownPost(name.value, post.category, None, PULL, at))
