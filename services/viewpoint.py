"""One caller as rankings see them: taste, and what is not to be shown again."""

from collections.abc import Sequence
from functools import cached_property
from heapq import nlargest
from typing import Final

import numpy as np

from domain.events import Action
from domain.identifiers import stable_key
from domain.interest_reading import Interests, read_interests
from domain.ranking.candidates import Codes, Ints
from domain.ranking.query import Excluded
from domain.ranking.taste import Taste, Vocabulary, code_taste
from domain.viewer import TargetKind
from services.context import RequestContext
from services.muted_words import muted_rows
from services.post_table import PostTable

SEEN_SECONDS: Final = 7 * 86_400.0
LATEST_LIKED: Final = 10
ENGAGING: Final = (Action.LIKE, Action.SAVE, Action.SHARE, Action.COMMENT)
NOT_SEEN_BY: Final = (Action.UNLIKE, Action.UNSAVE)


class Viewpoint:
    """Made anew for each request; ``region`` is the one in force."""

    def __init__(self, context: RequestContext, region: str | None = None) -> None:
        self.context = context
        self._asked = region
        self._coded: tuple[PostTable, int, Taste] | None = None  # table, its codes, taste

    @cached_property
    def interests(self) -> Interests:
        started = self.context.started
        return read_interests(started.profile, started.state, self.context.now)

    @property
    def region(self) -> str | None:
        """The one asked for, else the viewer's setting, else the access token's."""
        return self._asked or self.interests.region or self.context.region

    def latest_liked(self, table: PostTable) -> Sequence[str]:
        """Posts of the table that the caller liked, saved, shared or commented on, latest first.

        What was learned before a reset is forgotten.
        """
        started = self.context.started
        since = max(started.state.reset_at, started.state.erased_at)
        at = {key: when for key, when in started.profile.liked.items() if when > since}
        for recent in started.state.recent:
            if recent.kind is TargetKind.POST and recent.at > since:
                if recent.action in ENGAGING:
                    at[stable_key(recent.target)] = recent.at
                elif recent.action is Action.UNLIKE:
                    at.pop(stable_key(recent.target), None)
        latest = nlargest(LATEST_LIKED, at, key=lambda key: at[key])
        return [post for key in latest if (post := table.with_key(key)) is not None]

    def taste(self, table: PostTable) -> Taste:
        """In the codes of the table as it is now."""
        if self._coded is None or self._coded[:2] != (table, table.codes):
            self._coded = table, table.codes, self._code(table)
        return self._coded[2]

    def _code(self, table: PostTable) -> Taste:
        vocabulary = Vocabulary(
            category=table.categories.code,
            creator=table.authors.code,
            hashtag=table.hashtags.code,
            languages=table.languages.texts,
            region=table.regions.code,
            categories=len(table.categories),
        )
        return code_taste(
            self.interests, vocabulary, viewer=self.context.viewer_id, region=self.region
        )

    def excluded(
        self, table: PostTable, rows: Codes, *, served: bytes = b"", in_session: Ints | None = None
    ) -> Excluded:
        """What a new ranking of these rows leaves out; ``in_session`` are sorted keys."""
        return Excluded(
            seen=self.context.started.seen,
            served=served,
            viewed=self._viewed(),
            in_session=np.empty(0, dtype=np.int64) if in_session is None else in_session,
            muted_words=muted_rows(table, rows, self._muted_words),
        )

    def still_excluded(self, table: PostTable, rows: Codes) -> Excluded:
        """What every page leaves out of an open session of these rows."""
        return Excluded(muted_words=muted_rows(table, rows, self._muted_words))

    @property
    def _muted_words(self) -> tuple[str, ...]:
        return self.context.started.state.settings.muted_keywords

    def _viewed(self) -> Ints:
        """Sorted keys of what the caller acted on so lately that no filter may hold it yet."""
        since = self.context.now - SEEN_SECONDS
        keys = {
            stable_key(recent.target)
            for recent in self.context.started.state.recent
            if recent.kind is TargetKind.POST
            and recent.at >= since
            and recent.action not in NOT_SEEN_BY
        }
        return np.array(sorted(keys), dtype=np.int64)
