"""Posts that a caller names, as this caller may see them."""

from collections.abc import Iterable, Sequence

from domain.policy import Surface
from domain.posts import PostRecord
from services.cards import Cards
from services.category_catalog import CategoryCatalog
from services.context import RequestContext
from services.pages import PostCard
from services.post_catalog import PostCatalog
from services.viewer_history import ViewerHistory


class PostReader:
    def __init__(
        self, catalog: PostCatalog, categories: CategoryCatalog, history: ViewerHistory
    ) -> None:
        self._catalog = catalog
        self._categories = categories
        self._history = history

    def cards(self, context: RequestContext) -> Cards:
        return Cards(self._catalog, self._categories, context)

    async def records(
        self, context: RequestContext, post_ids: Sequence[str]
    ) -> list[PostRecord | None]:
        """In the order asked, None for what is not there for this caller.

        Raises:
            Unavailable: a post is not here and no store answers.

        """
        await self._catalog.load(post_ids)
        return [self._reachable(context, post_id) for post_id in post_ids]

    async def get_many(
        self, context: RequestContext, post_ids: Sequence[str]
    ) -> list[PostCard | None]:
        """Cards of posts by id, as ``records``, with all that the caller ever did to them."""
        records = [one for one in await self.records(context, post_ids) if one is not None]
        cards = self.cards(context)
        await self._history.complete(
            context,
            cards.facts,
            posts={record.id for record in records},
            creators={record.author_id for record in records},
        )
        return self.held(context, post_ids, cards)

    def held(
        self, context: RequestContext, post_ids: Iterable[str], cards: Cards | None = None
    ) -> list[PostCard | None]:
        """Cards of those posts that are in this process."""
        wanted = list(post_ids)
        table = self._catalog.table
        rows = [table.row(i) for i in wanted if self._reachable(context, i) is not None]
        made = (cards or self.cards(context)).posts(rows, Surface.DIRECT)
        by_id = {card.record.id: card for card in made}
        return [by_id.get(post_id) for post_id in wanted]

    def _reachable(self, context: RequestContext, post_id: str) -> PostRecord | None:
        record = self._catalog.table.find(post_id)
        if record is None or not (
            record.visible_to(context.viewer_id) or (context.may_moderate and not record.deleted)
        ):
            return None
        return record
