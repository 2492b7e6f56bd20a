"""A world full of posts, and the pages of the feed that a viewer reads there."""

from domain.events import Action
from domain.identifiers import stable_key
from domain.interests import Interaction as InterestInteraction
from domain.interests import InterestProfile, apply
from services.pages import FeedItem, Page
from tests.services.world import World

TOPICS = ("music", "film", "food", "sports", "books", "travel")


async def page(
    world: World,
    viewer: str | None = None,
    *,
    first: int = 20,
    after: str | None = None,
    region: str | None = None,
    request: str = "request",
) -> Page[FeedItem]:
    context = await world.request(viewer, after=after, request=request)
    found = await world.services.explore.page(context, first=first, after=after, region=region)
    await world.settle()
    return found


def ids(found: Page[FeedItem]) -> list[str]:
    return [item.card.record.id for item in found.items]


async def fill(world: World, count: int = 100, *, authors: int = 60) -> None:
    for topic in TOPICS:
        await world.category(topic)
    for number in range(count):
        await world.post(
            f"p{number:03}",
            author=f"a{number % authors}",
            category=TOPICS[number % len(TOPICS)],
            age=600.0 + 60.0 * number,
            rising=float(count - number) + 3.0,
        )
    await world.start()


def liked(post: str, *, times: int) -> InterestProfile:
    """Somebody who liked this post, and many others that no list knows any longer."""
    profile = InterestProfile()
    for number in range(times):
        apply(profile, InterestInteraction(Action.LIKE, at=1.0, post=number))
    profile.liked[stable_key(post)] = 2.0
    return profile


async def all_pages(world: World, viewer: str | None, first: int = 20) -> list[list[str]]:
    found = await page(world, viewer, first=first)
    pages = [ids(found)]
    while found.has_next:
        found = await page(world, viewer, first=first, after=found.items[-1].cursor)
        pages.append(ids(found))
    return pages
