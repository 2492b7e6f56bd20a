"""Cards: things as one caller sees them, made of what this process holds, without waiting."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from domain import seen
from domain.categories import CategoryRecord
from domain.creators import CreatorRecord
from domain.eligibility import page_verdict
from domain.feed import Reason
from domain.moderation import SafetyReason, safety_reasons
from domain.policy import Action, Standing, Surface
from domain.policy_columns import NOTICED
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

    def posts(
        self, rows: Sequence[int], surface: Surface = Surface.RECOMMENDATION
    ) -> list[PostCard]:
        """Cards of rows of the catalog's present table, as they are shown on a surface.

        Who may see them at all is decided before.
        """
        table = self._catalog.table
        records = [table.record(row) for row in rows]
        noticed = (table.columns.verdicts[np.asarray(rows, dtype=np.int64)] & NOTICED).tolist()
        return [
            PostCard(
                record=record,
                stats=stats,
                creator=self._author(record.author_id),
                categories=self._named([guess.slug for guess in record.categories]),
                viewer_state=state,
                visibility=self._visibility(record),
                interstitial=self._interstitial(record, surface) if notice else None,
            )
            for record, stats, state, notice in zip(
                records,
                table.stats(rows),
                self._viewer_states(rows, records),
                noticed,
                strict=True,
            )
        ]

    def creator(self, record: CreatorRecord) -> CreatorCard:
        card = self._creators.get(record.id)
        if card is None:
            known = self._context.viewer_id is not None
            card = self._creators[record.id] = CreatorCard(
                record=record,
                top_categories=self._named(record.top_categories),
                is_followed=record.id in self.facts.followed if known else None,
            )
        return card

    def reason(self, reason: Reason) -> ReasonCard:
        return ReasonCard(
            code=reason.code,
            message=reason.message,
            category=self._categories.find(reason.category) if reason.category else None,
            creator=self._author(reason.creator) if reason.creator else None,
            hashtag=reason.hashtag,
        )

    def _author(self, creator_id: str) -> CreatorCard:
        known = self._creators.get(creator_id)
        if known is not None:
            return known
        return self.creator(self._catalog.creators.find_or_nameless(creator_id))

    def _named(self, slugs: Sequence[str]) -> tuple[CategoryRecord, ...]:
        """Those of the categories that are active."""
        find = self._categories.find
        return tuple([found for slug in slugs if (found := find(slug)) is not None])

    def _viewer_states(
        self, rows: Sequence[int], records: Sequence[PostRecord]
    ) -> Sequence[PostViewerState | None]:
        if self._context.viewer_id is None:
            return [None] * len(rows)
        columns = self._catalog.table.columns
        places = np.asarray(rows, dtype=np.int64)
        sightings = seen.check(
            self._context.started.seen, columns.digest[places], self._context.now
        )
        facts = self.facts
        return [
            PostViewerState(
                has_liked=key in facts.liked,
                has_saved=key in facts.saved,
                has_seen=sighted or record.id in facts.viewed,
            )
            for record, key, sighted in zip(
                records, columns.key[places].tolist(), sightings.tolist(), strict=True
            )
        ]

    def _interstitial(self, record: PostRecord, surface: Surface) -> SafetyReason | None:
        verdict = page_verdict(
            record.status,
            record.scores,
            surface,
            show_sensitive=self._context.started.state.settings.show_sensitive,
            standing=self._standing(record.author_id),
        )
        return verdict.reason if verdict.action is Action.INTERSTITIAL else None

    def _standing(self, author_id: str) -> Standing:
        viewer_id = self._context.viewer_id
        if viewer_id is None:
            return Standing.STRANGER
        if viewer_id == author_id:
            return Standing.OWN
        return Standing.FOLLOWED if author_id in self.facts.followed else Standing.STRANGER

    def _visibility(self, record: PostRecord) -> PostVisibility | None:
        viewer_id = self._context.viewer_id
        own = viewer_id is not None and viewer_id == record.author_id
        if not (own or self._context.may_moderate):
            return None
        return PostVisibility(
            status=record.status,
            eligible_for_recommendation=record.recommendable,
            reasons=safety_reasons(record.status, record.scores),
            expires_at=record.expires_at,
        )
