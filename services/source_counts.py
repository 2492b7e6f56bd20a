"""What each source brings to each list, as metrics: candidates are counted as a column."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from prometheus_client import Counter

from domain.feed import CandidateSource
from domain.ranking.blend import SourceCodes
from runtime.metrics import Metrics

SOURCES: Final = len(CandidateSource)


class SourceCounts:
    """``feed`` is an operation's name, from a closed set; the codes are ``CandidateSource``'s."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._by_feed: dict[str, tuple[list[Counter], list[Counter]]] = {}

    def found(self, feed: str, codes: SourceCodes) -> None:
        """Candidates of a ranking, each with the source that it is called by."""
        _add(self._of(feed)[0], np.bincount(codes, minlength=SOURCES).tolist())

    def placed(self, feed: str, codes: Iterable[int]) -> None:
        """Posts of a page."""
        counts = [0] * SOURCES
        for code in codes:
            counts[code] += 1
        _add(self._of(feed)[1], counts)

    def _of(self, feed: str) -> tuple[list[Counter], list[Counter]]:
        """Kept by feed: looking one up by its labels takes longer than to count."""
        kept = self._by_feed.get(feed)
        if kept is None:
            metrics = self._metrics
            kept = self._by_feed[feed] = (
                [metrics.source_candidates.labels(feed, one.name) for one in CandidateSource],
                [metrics.source_posts.labels(feed, one.name) for one in CandidateSource],
            )
        return kept


def _add(counters: Sequence[Counter], counts: Sequence[int]) -> None:
    for counter, count in zip(counters, counts, strict=True):
        if count:
            counter.inc(count)
