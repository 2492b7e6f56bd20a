"""Cards: things as one caller sees them, made of what this process holds, without waiting."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from domain import seen
from domain.creators import CreatorRecord
from domain.feed import Reason
from domain.identifiers import stable_key
from domain.moderation import SafetyReason, safety_reasons
from domain.posts import PostRecord
from services.category_catalog import CategoryCatalog
from services.context import RequestContext
from services.pages import CreatorCard, PostCard, PostViewerState, PostVisibility, ReasonCard
from services.post_catalog import PostCatalog
from services.viewer_facts import ViewerFacts


class Cards:
    """One request's cards; made anew for each."""

    def __init__(
        self, catalog: PostCatalog, categories: CategoryCatalog, context: RequestContext
    ) -> None:
        self._catalog = catalog
        self._categories = categories
        self._context = context
        self._creators: dict[str, CreatorCard] = {}

    @cached_property
    def facts(self) -> ViewerFacts:
        return ViewerFacts.of(self._context.started)

    def posts(self, rows: Sequence[int]) -> list[PostCard]:
        """Cards of rows of the catalog's present table; who may see them is decided before."""
        table = self._catalog.table
        records = [table.record(row) for row in rows]
        states = self._viewer_states(rows, records)
        return [
            PostCard(
                record=record,
                stats=table.stats(row),
                creator=self.creator(self._catalog.creators.find_or_nameless(record.author_id)),
                categories=tuple(
                    category
                    for guess in record.categories
                    if (category := self._categories.find(guess.slug)) is not None
                ),
                viewer_state=state,
                visibility=self._visibility(record),
                interstitial=SafetyReason.NSFW if record.sensitive else None,
            )
            for row, record, state in zip(rows, records, states, strict=True)
        ]

    def creator(self, record: CreatorRecord) -> CreatorCard:
        card = self._creators.get(record.id)
        if card is None:
            known = self._context.viewer_id is not None
            card = self._creators[record.id] = CreatorCard(
                record=record,
                top_categories=tuple(
                    category
                    for slug in record.top_categories
                    if (category := self._categories.find(slug)) is not None
                ),
                is_followed=record.id in self.facts.followed if known else None,
            )
        return card

    def reason(self, reason: Reason) -> ReasonCard:
        creators = self._catalog.creators
        return ReasonCard(
            code=reason.code,
            message=reason.message,
            category=self._categories.find(reason.category) if reason.category else None,
            creator=(
                self.creator(creators.find_or_nameless(reason.creator)) if reason.creator else None
            ),
            hashtag=reason.hashtag,
        )

    def _viewer_states(
        self, rows: Sequence[int], records: Sequence[PostRecord]
    ) -> Sequence[PostViewerState | None]:
        if self._context.viewer_id is None:
            return [None] * len(rows)
        digest = self._catalog.table.columns.digest[np.asarray(rows, dtype=np.int64)]
        sightings = seen.check(self._context.started.seen, digest, self._context.now)
        facts = self.facts
        return [
            PostViewerState(
                has_liked=(key := stable_key(record.id)) in facts.liked,
                has_saved=key in facts.saved,
                has_seen=sighted or record.id in facts.viewed,
            )
            for record, sighted in zip(records, sightings.tolist(), strict=True)
        ]

    def _visibility(self, record: PostRecord) -> PostVisibility | None:
        viewer_id = self._context.viewer_id
        own = viewer_id is not None and viewer_id == record.author_id
        if not (own or self._context.may_moderate):
            return None
        return PostVisibility(
            status=record.status,
            eligible_for_recommendation=record.recommendable,
            reasons=safety_reasons(record.status, record.scores),
        )
