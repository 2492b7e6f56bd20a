"""What a contract suite is run on: all ports over one world, in memory or in PostgreSQL."""

from dataclasses import dataclass

from domain.ports import (
    Categories,
    CreatorProjection,
    Follows,
    Hashtags,
    PostProjection,
    Reactions,
)
from stores.postgres_categories import PostgresCategories
from stores.postgres_creators import PostgresCreators
from stores.postgres_follows import PostgresFollows
from stores.postgres_hashtags import PostgresHashtags
from stores.postgres_pool import PostgresPool
from stores.postgres_posts import PostgresPosts
from stores.postgres_reactions import PostgresReactions
from tests.fakes.categories import MemoryCategories
from tests.fakes.creators import MemoryCreators
from tests.fakes.follows import MemoryFollows
from tests.fakes.hashtags import MemoryHashtags
from tests.fakes.posts import MemoryPosts
from tests.fakes.reactions import MemoryReactions


@dataclass(frozen=True, slots=True)
class Adapters:
    posts: PostProjection
    creators: CreatorProjection
    follows: Follows
    categories: Categories
    hashtags: Hashtags
    reactions: Reactions


def in_memory() -> Adapters:
    categories = MemoryCategories()
    posts = MemoryPosts(categories)
    follows = MemoryFollows()
    return Adapters(
        posts=posts,
        creators=MemoryCreators(posts, follows),
        follows=follows,
        categories=categories,
        hashtags=MemoryHashtags(posts),
        reactions=MemoryReactions(),
    )


def in_postgres(pool: PostgresPool) -> Adapters:
    return Adapters(
        posts=PostgresPosts(pool),
        creators=PostgresCreators(pool),
        follows=PostgresFollows(pool),
        categories=PostgresCategories(pool),
        hashtags=PostgresHashtags(pool),
        reactions=PostgresReactions(pool),
    )
