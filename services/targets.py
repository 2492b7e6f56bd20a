"""Whether the things that callers name are there for them."""

from collections.abc import Collection, Mapping

from domain.viewer import TargetKind
from services.category_catalog import CategoryCatalog
from services.context import RequestContext
from services.creator_cache import CreatorCache
from services.posts import PostReader

Named = tuple[TargetKind, str]


class Targets:
    def __init__(
        self, posts: PostReader, creators: CreatorCache, categories: CategoryCatalog
    ) -> None:
        self._posts = posts
        self._creators = creators
        self._categories = categories

    async def find(
        self, context: RequestContext, targets: Collection[Named]
    ) -> Mapping[Named, bool]:
        """Whether each is there; hashtags always are.

        Raises:
            Unavailable: something is not in this process and no store answers.

        """
        post_ids = sorted(name for kind, name in targets if kind is TargetKind.POST)
        records = await self._posts.records(context, post_ids)
        posts = {i for i, found in zip(post_ids, records, strict=True) if found is not None}
        await self._creators.load(name for kind, name in targets if kind is TargetKind.CREATOR)
        return {(kind, name): self._is_there(kind, name, posts) for kind, name in targets}

    def _is_there(self, kind: TargetKind, name: str, posts: Collection[str]) -> bool:
        match kind:
            case TargetKind.POST:
                return name in posts
            case TargetKind.CREATOR:
                creator = self._creators.find(name)
                return creator is not None and not creator.deleted
            case TargetKind.CATEGORY:
                return self._categories.find(name) is not None
            case TargetKind.HASHTAG:
                return True
