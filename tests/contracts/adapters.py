"""What a contract suite is run on: all ports over one world, in memory or in PostgreSQL."""

from dataclasses import dataclass

from domain.ports.categories import Categories
from domain.ports.creators import CreatorProjection
from domain.ports.follows import Follows
from domain.ports.hashtags import Hashtags
from domain.ports.interactions import ActiveViewers, EngagedPairs, Interactions
from domain.ports.moderation import Moderation
from domain.ports.outbox import Outbox
from domain.ports.posts import PostProjection
from domain.ports.profiles import Profiles
from domain.ports.reactions import Reactions
from domain.ports.snapshots import Snapshots
from domain.ports.viewer_states import ViewerStates
from stores.postgres_categories import PostgresCategories
from stores.postgres_creators import PostgresCreators
from stores.postgres_follows import PostgresFollows
from stores.postgres_hashtags import PostgresHashtags
from stores.postgres_interactions import PostgresInteractions
from stores.postgres_moderation import PostgresModeration
from stores.postgres_outbox import PostgresOutbox
from stores.postgres_pool import PostgresPool
from stores.postgres_posts import PostgresPosts
from stores.postgres_profiles import PostgresProfiles
from stores.postgres_reactions import PostgresReactions
from stores.postgres_snapshots import PostgresSnapshots
from stores.postgres_viewer_states import PostgresViewerStates
from tests.fakes.categories import MemoryCategories
from tests.fakes.creators import MemoryCreators
from tests.fakes.follows import MemoryFollows
from tests.fakes.hashtags import MemoryHashtags
from tests.fakes.interactions import MemoryInteractions
from tests.fakes.moderation import MemoryModeration
from tests.fakes.outbox import MemoryOutbox
from tests.fakes.posts import MemoryPosts
from tests.fakes.profiles import MemoryProfiles
from tests.fakes.reactions import MemoryReactions
from tests.fakes.snapshots import MemorySnapshots
from tests.fakes.viewer_states import MemoryViewerStates


@dataclass(frozen=True, slots=True)
class Adapters:
    posts: PostProjection
    creators: CreatorProjection
    follows: Follows
    categories: Categories
    hashtags: Hashtags
    reactions: Reactions
    interactions: Interactions
    pairs: EngagedPairs
    active: ActiveViewers
    snapshots: Snapshots
    viewer_states: ViewerStates
    profiles: Profiles
    moderation: Moderation
    outbox: Outbox


def in_memory() -> Adapters:
    categories = MemoryCategories()
    posts = MemoryPosts(categories)
    follows = MemoryFollows()
    outbox = MemoryOutbox()
    interactions = MemoryInteractions()
    reactions = MemoryReactions()
    return Adapters(
        posts=posts,
        creators=MemoryCreators(posts, follows),
        follows=follows,
        categories=categories,
        hashtags=MemoryHashtags(posts, reactions),
        reactions=reactions,
        interactions=interactions,
        pairs=interactions,
        active=interactions,
        snapshots=MemorySnapshots(posts),
        viewer_states=MemoryViewerStates(),
        profiles=MemoryProfiles(),
        moderation=MemoryModeration(posts, outbox),
        outbox=outbox,
    )


def in_postgres(*, api: PostgresPool, worker: PostgresPool) -> Adapters:
    """Each with the rights of the process that writes through it."""
    return Adapters(
        posts=PostgresPosts(worker),
        creators=PostgresCreators(worker),
        follows=PostgresFollows(worker),
        categories=PostgresCategories(api),
        hashtags=PostgresHashtags(worker),
        reactions=PostgresReactions(worker),
        interactions=PostgresInteractions(worker),
        pairs=PostgresInteractions(worker),
        active=PostgresInteractions(worker),
        snapshots=PostgresSnapshots(worker),
        viewer_states=PostgresViewerStates(api),
        profiles=PostgresProfiles(worker),
        moderation=PostgresModeration(api),
        outbox=PostgresOutbox(worker),
    )
