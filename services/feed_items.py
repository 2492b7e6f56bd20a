"""Items of ranked pages: card, source, reasons, account, token and cursor."""

from typing import Final

from domain.feed import CandidateSource
from domain.ranking.explanation import explain
from domain.ranking.reasons import Facts, Names, carrying_terms, reasons
from domain.tokens import Impression, ImpressionTokens
from services.category_catalog import CategoryCatalog
from services.context import RequestContext
from services.pages import FeedItem
from services.posts import PostReader
from services.ranked_lists import Ask, ListPage, RankedLists

NEW_SECONDS: Final = 86_400.0  # how long a post is called new
POPULAR_FROM: Final = 0.4  # of the feature: some thirty likes


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
        if not page.rows:
            return ()
        context, ranked = ask.viewpoint.context, page.session.ranked
        cards = self._posts.cards(context)
        interests, region = ask.viewpoint.interests, ask.viewpoint.region
        items: list[FeedItem] = []
        for card, place, row, terms, popularity, propensity in zip(
            cards.posts(page.table_rows.tolist()),
            page.places,
            page.rows,
            carrying_terms(ranked, page.rows),
            ranked.values("popularity", page.rows),
            ranked.values("propensity", page.rows),
            strict=True,
        ):
            source = ranked.source(row)
            names = Names(self._category_name, card.creator.record.display_name, region)
            facts = Facts(
                is_new=context.now - card.record.created_at < NEW_SECONDS,
                is_popular=popularity >= POPULAR_FROM,
            )
            told = reasons(source, terms, card.record, interests, names, facts)
            items.append(
                FeedItem(
                    card=card,
                    position=place,
                    source=source,
                    reasons=tuple(map(cards.reason, told)),
                    explanation=explain(ranked, row, place) if context.may_see_scores else None,
                    token=self.token(
                        context,
                        card.record.id,
                        place,
                        ask.operation,
                        propensity or None if source is CandidateSource.FRESH else None,
                    ),
                    cursor=self._lists.cursor(page, place),
                )
            )
        return tuple(items)

    def token(
        self,
        context: RequestContext,
        post_id: str,
        place: int,
        surface: str,
        propensity: float | None = None,
    ) -> str:
        """Proof that the post was served to this caller, here and now."""
        return self._tokens.issue(
            Impression(
                viewer=context.viewer_id,
                post=post_id,
                request_id=context.request_id,
                position=place,
                surface=surface,
                served_at=context.now,
                propensity=propensity,
            )
        )

    def _category_name(self, slug: str) -> str:
        category = self._categories.find(slug)
        return slug if category is None else category.name
