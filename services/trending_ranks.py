"""Where posts stood in trending lists a period ago.

Noted for the worldwide lists and for those that are looked at.
"""

from collections import OrderedDict
from typing import Final

import numpy as np

from domain import pools
from domain.interests import InterestProfile
from domain.policy import Surface
from domain.ports.viewers import ViewerReads
from domain.ranking.candidates import Ints
from domain.ranking.paging import choose_page
from domain.ranking.pipeline import rank
from domain.ranking.session import open_session
from domain.trending import Window
from domain.viewer import ViewerState
from runtime.background import Background
from runtime.clock import Clock
from services.context import RequestContext
from services.feed import Feeds
from services.rank_history import SPACING, RankHistory
from services.trending_draws import trending_list, trending_recipe
from services.viewpoint import Viewpoint

MAX_LISTS: Final = 32
FORGET_SECONDS: Final = 600.0

Name = tuple[Window, str]


class TrendingRanks:
    """Ranks are those of the list that everybody sees who has said nothing."""

    def __init__(self, feeds: Feeds, clock: Clock) -> None:
        self._feeds = feeds
        self._clock = clock
        self._histories: OrderedDict[Name, RankHistory] = OrderedDict()
        self._used_at: dict[Name, float] = {}

    def start(self, periodic: Background) -> None:
        periodic.repeat("trending.ranks", SPACING, self.note)

    def before(self, window: Window, scope: str, now: float) -> Ints:
        """The keys of the list one period ago, best first; empty where nobody looked then."""
        name = (window, scope)
        self._used_at[name] = now
        history = self._histories.get(name)
        if history is None:
            history = self._histories[name] = RankHistory()
            history.note(now, self._order(window, scope, now))
            self._trim()
        self._histories.move_to_end(name)
        return history.order(now)

    async def note(self) -> None:
        """Note the present order of every list in use."""
        now = self._clock.now()
        for window in Window:
            always = (window, pools.WORLDWIDE)
            self._used_at[always] = now
            self._histories.setdefault(always, RankHistory())
        for name, history in list(self._histories.items()):
            if now - self._used_at[name] > FORGET_SECONDS:
                del self._histories[name], self._used_at[name]
            else:
                history.note(now, self._order(*name, now))

    def _trim(self) -> None:
        while len(self._histories) > MAX_LISTS:
            name, _ = self._histories.popitem(last=False)
            del self._used_at[name]

    def _order(self, window: Window, scope: str, now: float) -> Ints:
        """All keys of a list, best first."""
        reads = ViewerReads(None, InterestProfile(), ViewerState())
        viewpoint = Viewpoint(RequestContext(None, reads, "", now))
        wanted = trending_list(self._feeds.cache, window, scope, now)
        candidates = self._feeds.feed(viewpoint, wanted).gather(Surface.TRENDING)
        table = self._feeds.cache.catalog.table
        recipe = trending_recipe(window, scope)
        ranking = rank(candidates, viewpoint.taste(table), recipe, now=now)
        kept = candidates.take(ranking.order)
        places = np.arange(len(ranking.order))
        posts = [table.record(row).id for row in kept.row.tolist()]
        session = open_session(ranking, places, posts)
        page = choose_page(session, kept, ranking.query, ranking.recipe, len(posts)).rows
        return kept.key[page]
