"""The next page of a session: best rows under quotas, without ever being short.

Each share of the blend fills its slots with its best rows; what it cannot fill goes to the
others. What a rule refuses is deferred. Where rows run out, the rules give way in a fixed order
(near-duplicate, flagged, category, author) rather than shorten the page; only then do posts come
back that were served minutes ago. The choice depends on nothing but its arguments.
"""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.ranking.blend import Share, slots
from domain.ranking.candidates import Codes, Floats, Mask
from domain.ranking.invalid_recipe import InvalidRecipe

NEAR_DUPLICATE, FLAGGED, CATEGORY, AUTHOR = range(4)
RELAXATIONS: Final = (
    frozenset({NEAR_DUPLICATE, FLAGGED, CATEGORY, AUTHOR}),
    frozenset({FLAGGED, CATEGORY, AUTHOR}),
    frozenset({CATEGORY, AUTHOR}),
    frozenset({AUTHOR}),
    frozenset[int](),
)
# The soft rules that a share goes by, in turn, until it has rows enough.
_SOFT: Final = (frozenset({AUTHOR}), frozenset[int]())
_VARIED_FIRST: Final = (frozenset({AUTHOR, CATEGORY}), *_SOFT)
ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class SlateRules:
    """None switches a rule off. ``category_share`` is of the page, rounded up.

    ``flagged_share`` is the part of the page, rounded down, that posts may have which the policy
    shows but flags; the rest comes from those it does not.

    ``per_author_nearby`` is soft: an author with that many posts on this page and the one before
    waits while the same source has others. So is ``varied_share``: a category with that part of
    the page, rounded up, waits while a varied share has others.
    """

    per_author: int | None = None
    category_share: float | None = None
    per_author_nearby: int | None = None
    flagged_share: float | None = None
    varied_share: float | None = None

    def __post_init__(self) -> None:
        allowed = (self.per_author, self.per_author_nearby)
        if any(count is not None and count < 1 for count in allowed):
            raise InvalidRecipe("an author must be allowed one post at least")
        for part in (self.category_share, self.varied_share):
            if part is not None and not 0.0 < part <= 1.0:
                raise InvalidRecipe("a category's share must lie in (0, 1]")
        if self.flagged_share is not None and not 0.0 <= self.flagged_share <= 1.0:
            raise InvalidRecipe("the share of flagged posts must lie in [0, 1]")


@dataclass(frozen=True, slots=True)
class SlateRows:
    """A session's rows, best first, as columns of n.

    ``share`` is the index of the row's share, ``len(shares)`` for none; ``alive`` marks what may
    still be shown. Rows from ``fresh`` on were served minutes ago. ``cluster`` has the same
    number for near-duplicates, NaN for none; None where that is not known. ``flagged`` marks what
    the policy flags; None where nothing is.
    """

    author: Codes
    category: Codes
    share: NDArray[np.signedinteger]
    alive: Mask
    fresh: int
    cluster: Floats | None = None
    flagged: Mask | None = None


class Slate(NamedTuple):
    """``relaxed`` tells that rules gave way for some of the rows, or that there were too few."""

    rows: list[int]
    relaxed: bool


def next_page(
    rows: SlateRows,
    served: Sequence[int],
    size: int,
    rules: SlateRules,
    shares: Sequence[Share],
    *,
    on_page: Sequence[int] = (),
) -> Slate:
    """What fills a page of ``size`` after those ``served`` so far, in the order to show.

    ``on_page`` are the last of those served that stand on this page already: they count for its
    rules, and the slate is what comes behind them.
    """
    page = _Page(rows, served, size, rules, on_page)
    page.varied = {index for index, share in enumerate(shares) if share.varied}
    wanted = slots(shares, len(served), len(served) + page.missing)
    counts = Counter(wanted)
    relaxed = False
    for enforced in RELAXATIONS:
        relaxed = enforced is not RELAXATIONS[0]
        for index in range(len(shares)):
            page.fill(index, counts[index] - len(page.chosen[index]), enforced)
        for index in range(len(shares)):
            missing = counts[index] - len(page.chosen[index])
            for heir in _heirs(shares, index) if missing > 0 else ():
                missing -= page.fill(heir, missing, enforced)
        page.fill(len(shares), page.missing, enforced)
        if not page.missing:
            break
    return Slate(_arranged(page.chosen, wanted) + page.returning(), relaxed)


def _heirs(shares: Sequence[Share], index: int) -> list[int]:
    """Who gets the slots that a share cannot fill: its own kind first, each in order."""
    own = shares[index]
    others = [other for other in range(len(shares)) if other != index]
    return sorted(
        others,
        key=lambda other: (
            shares[other].personal is not own.personal,
            shares[other].constant is not own.constant,
        ),
    )


def _arranged(chosen: Mapping[int, Sequence[int]], wanted: Sequence[int]) -> list[int]:
    """The chosen rows in slot order, those of each share best first.

    A slot that its share leaves open gets the best row of the shares that have more rows than
    slots left.
    """
    left = {share: deque(rows) for share, rows in chosen.items() if rows}
    open_slots = Counter(wanted)
    page: list[int] = []
    for share in wanted:
        if left.get(share):
            page.append(left[share].popleft())
        else:
            spare = [other for other, rows in left.items() if len(rows) > open_slots[other]]
            if spare:
                page.append(left[min(spare, key=lambda other: left[other][0])].popleft())
        open_slots[share] -= 1
    return page + sorted(row for rows in left.values() for row in rows)


class _Page:
    """A page in the making; ``chosen`` lists the rows by share, ``varied`` are shares that are."""

    def __init__(
        self,
        rows: SlateRows,
        served: Sequence[int],
        size: int,
        rules: SlateRules,
        on_page: Sequence[int],
    ) -> None:
        self.chosen: defaultdict[int, list[int]] = defaultdict(list)
        self.missing = size - len(on_page)
        self.varied: AbstractSet[int] = frozenset()
        self._rules = rules
        self._authors: list[int] = rows.author.tolist()
        self._categories: list[int] = rows.category.tolist()
        self._clusters: list[float] | None = (
            None if rows.cluster is None else rows.cluster.tolist()
        )
        self._open = rows.alive.copy()
        self._open[list(served)] = False
        self._fresh = rows.fresh
        self._share = rows.share[: rows.fresh]
        self._waiting: defaultdict[int, list[int]] = defaultdict(list)
        self._taken: set[int] = set()
        share = rules.category_share
        self._category_limit = size if share is None else math.ceil(share * size - ROUNDING)
        self._varied_limit = (
            size if rules.varied_share is None else math.ceil(rules.varied_share * size - ROUNDING)
        )
        part = 1.0 if rules.flagged_share is None else rules.flagged_share
        self._flagged_left = math.floor(part * size + ROUNDING)
        self._flagged: list[bool] | None = None if rows.flagged is None else rows.flagged.tolist()
        if self._flagged is not None:
            self._flagged_left -= sum([self._flagged[row] for row in on_page])
        self._by_author = Counter([self._authors[row] for row in on_page])
        self._by_category = Counter([self._categories[row] for row in on_page])
        before = served[: len(served) - len(on_page)]
        self._nearby = Counter([self._authors[row] for row in before[-size:]])
        self._shown: set[float] = (
            {self._clusters[row] for row in served} if self._clusters else set()
        )

    def fill(self, share: int, count: int, enforced: AbstractSet[int]) -> int:
        """Choose up to ``count`` more rows of a share; how many there were."""
        count = min(count, self.missing)
        waiting = self._waiting_of(share) if count > 0 else ()
        if not waiting:
            return 0
        chosen = self.chosen[share]
        before = len(chosen)
        for soft in _VARIED_FIRST if share in self.varied else _SOFT:
            for row in waiting:
                if row in self._taken or (soft and self._waits(row, soft)):
                    continue
                if self._allows(row, enforced):
                    self._take(row)
                    chosen.append(row)
                    if len(chosen) - before == count:
                        return count
        return len(chosen) - before

    def _waiting_of(self, share: int) -> list[int]:
        if not self._waiting:
            places = self._open[: self._fresh].nonzero()[0]
            for row, found in zip(places.tolist(), self._share[places].tolist(), strict=True):
                self._waiting[found].append(row)
        return self._waiting[share]

    def returning(self) -> list[int]:
        """What was served minutes ago, oldest first, for slots that nothing else can fill."""
        rows = self._open[self._fresh :].nonzero()[0] + self._fresh
        return rows[: self.missing].tolist()

    def _waits(self, row: int, soft: AbstractSet[int]) -> bool:
        author, nearby = self._authors[row], self._rules.per_author_nearby
        if (
            nearby is not None
            and author >= 0
            and self._by_author[author] + self._nearby[author] >= nearby
        ):
            return True
        category = self._categories[row]
        return (
            CATEGORY in soft
            and category >= 0
            and self._by_category[category] >= self._varied_limit
        )

    def _allows(self, row: int, enforced: AbstractSet[int]) -> bool:
        author, category = self._authors[row], self._categories[row]
        if (
            AUTHOR in enforced
            and author >= 0
            and self._rules.per_author is not None
            and self._by_author[author] >= self._rules.per_author
        ):
            return False
        if (
            CATEGORY in enforced
            and category >= 0
            and self._by_category[category] >= self._category_limit
        ):
            return False
        if (
            FLAGGED in enforced
            and self._flagged is not None
            and self._flagged[row]
            and self._flagged_left <= 0
        ):
            return False
        return not (
            NEAR_DUPLICATE in enforced
            and self._clusters is not None
            and self._clusters[row] in self._shown
        )

    def _take(self, row: int) -> None:
        self._taken.add(row)
        self.missing -= 1
        if self._flagged is not None:
            self._flagged_left -= self._flagged[row]
        self._by_author[self._authors[row]] += 1
        self._by_category[self._categories[row]] += 1
        if self._clusters is not None:
            self._shown.add(self._clusters[row])
