"""Objects by global id: whatever the API gave out, as this caller may see it."""

from collections.abc import Sequence
from typing import TypeAlias

from domain.categories import CategoryRecord
from domain.errors import InvalidInput
from domain.identifiers import GlobalId, Kind, decode_global_id
from services.arguments import NODES_MOST
from services.categories import CategoryService
from services.context import RequestContext
from services.creators import CreatorService
from services.hashtags import HashtagService
from services.moderation import ModerationService
from services.pages import CreatorCard, HashtagCard, PostCard
from services.posts import PostReader
from services.views import ModerationCaseView

NodeCard: TypeAlias = PostCard | CreatorCard | CategoryRecord | HashtagCard | ModerationCaseView


class NodeService:
    def __init__(
        self,
        *,
        posts: PostReader,
        creators: CreatorService,
        categories: CategoryService,
        hashtags: HashtagService,
        moderation: ModerationService,
    ) -> None:
        self._posts = posts
        self._creators = creators
        self._categories = categories
        self._hashtags = hashtags
        self._moderation = moderation

    async def get_many(
        self, context: RequestContext, global_ids: Sequence[str]
    ) -> Sequence[NodeCard | None]:
        """In the order asked, None for what is not there for this caller; one read per kind.

        Raises:
            InvalidInput: more than 100 are asked for.

        """
        if len(global_ids) > NODES_MOST:
            raise InvalidInput(f"`ids` must be at most {NODES_MOST}.", field="ids")
        decoded = [decode_global_id(global_id) for global_id in global_ids]
        found: dict[GlobalId, NodeCard | None] = {}
        for kind in dict.fromkeys(named.kind for named in decoded if named is not None):
            names = list(dict.fromkeys(n.value for n in decoded if n and n.kind is kind))
            cards = await self._of(context, kind, names)
            found.update(
                (GlobalId(kind, name), card) for name, card in zip(names, cards, strict=True)
            )
        return [None if named is None else found[named] for named in decoded]

    async def _of(
        self, context: RequestContext, kind: Kind, names: Sequence[str]
    ) -> Sequence[NodeCard | None]:
        match kind:
            case Kind.POST:
                return await self._posts.get_many(context, names)
            case Kind.CREATOR:
                return await self._creators.get_many(context, names)
            case Kind.CATEGORY:
                return await self._categories.get_many(names)
            case Kind.HASHTAG:
                return await self._hashtags.existing(context, names)
            case Kind.MODERATION_CASE:
                return await self._moderation.cases(context, names)
