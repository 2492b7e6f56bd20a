"""Items of ranked pages: card, source, reasons, account, token and cursor."""

from domain.feed import ScoreExplanation
from domain.ranking.explanation import explain
from domain.ranking.reasons import Names, reasons
from domain.tokens import Impression, ImpressionTokens
from services.cards import Cards
from services.category_catalog import CategoryCatalog
from services.context import RequestContext
from services.pages import FeedItem, PostCard
from services.posts import PostReader
from services.ranked_lists import Ask, ListPage, RankedLists


class FeedItems:
    def __init__(
        self,
        posts: PostReader,
        lists: RankedLists,
        categories: CategoryCatalog,
        tokens: ImpressionTokens,
    ) -> None:
        self._posts = posts
        self._lists = lists
        self._categories = categories
        self._tokens = tokens

    def of(self, ask: Ask, page: ListPage) -> tuple[FeedItem, ...]:
        """The page's items, without waiting: its posts are in the table."""
        context = ask.viewpoint.context
        cards = self._posts.cards(context)
        return tuple(
            self._item(ask, page, index, card, cards)
            for index, card in enumerate(cards.posts(page.table_rows.tolist()))
        )

    def token(self, context: RequestContext, post_id: str, place: int, surface: str) -> str:
        """Proof that the post was served to this caller, here and now."""
        return self._tokens.issue(
            Impression(
                viewer=context.viewer_id,
                post=post_id,
                request_id=context.request_id,
                position=place,
                surface=surface,
                served_at=context.now,
            )
        )

    def _item(
        self, ask: Ask, page: ListPage, index: int, card: PostCard, cards: Cards
    ) -> FeedItem:
        place, row = page.places[index], page.rows[index]
        ranked = page.session.ranked
        names = Names(
            category=self._category_name,
            creator=card.creator.record.display_name,
            region=ask.viewpoint.region,
        )
        told = reasons(ranked, row, card.record, ask.viewpoint.interests, names)
        return FeedItem(
            card=card,
            position=place,
            source=ranked.source(row),
            reasons=tuple(cards.reason(reason) for reason in told),
            explanation=self._account(ask, page, row, place),
            token=self.token(ask.viewpoint.context, card.record.id, place, ask.operation),
            cursor=self._lists.cursor(page, place),
        )

    def _account(self, ask: Ask, page: ListPage, row: int, place: int) -> ScoreExplanation | None:
        if not ask.viewpoint.context.may_see_scores:
            return None
        return explain(page.session.ranked, row, place)

    def _category_name(self, slug: str) -> str:
        category = self._categories.find(slug)
        return slug if category is None else category.name
