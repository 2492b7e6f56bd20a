"""Two engines as one search: what the second adds to a first that is bounded, and the counts."""

from collections.abc import Sequence

from domain.ports.search import SearchHit, SearchHits, SearchQuery, Suggestion
from services.lack import Lack
from services.search_engines import SearchEngines

QUERY = SearchQuery("word", 4)


class Prepared:
    """A search whose answer is given."""

    def __init__(self, hits: Sequence[SearchHit], total: int | None) -> None:
        self._found = SearchHits(tuple(hits), total)
        self.asked = 0

    async def posts(self, query: SearchQuery) -> SearchHits:
        self.asked += 1
        return self._found

    async def creators(self, query: SearchQuery) -> SearchHits:
        return self._found

    async def hashtags(self, query: SearchQuery) -> SearchHits:
        return self._found

    async def suggest(self, prefix: str, limit: int) -> Sequence[Suggestion]:
        return [Suggestion(hit.id, "POSTS", hit.id) for hit in self._found.hits]


def hits(**scores: float) -> list[SearchHit]:
    return [SearchHit(name, score) for name, score in scores.items()]


async def find(first: Prepared, second: Prepared) -> tuple[SearchHits, Lack | None]:
    return await SearchEngines(first, second, first_is_bounded=True).posts(QUERY)


async def test_hits_of_both_count_once_and_relevance_is_measured_by_each_engines_best() -> None:
    found, lack = await find(
        Prepared(hits(a=8.0, b=2.0), 2), Prepared(hits(c=0.5, a=0.25, d=0.125), 3)
    )
    assert lack is None
    assert [(hit.id, hit.score) for hit in found.hits] == [
        ("a", 8.0), ("b", 2.0), ("c", 8.0), ("d", 2.0),
    ]  # fmt: skip
    assert found.total == 4


async def test_no_more_hits_come_than_are_wanted() -> None:
    found, _ = await find(Prepared(hits(a=1.0, b=1.0), 2), Prepared(hits(c=1.0, d=1.0, e=1.0), 3))
    assert [hit.id for hit in found.hits] == ["a", "b", "c", "d"]
    assert found.total == 5


async def test_a_total_is_told_only_where_it_is_known() -> None:
    # All that the first has are among what the second counted.
    known, _ = await find(Prepared(hits(a=1.0), 1), Prepared(hits(a=1.0, b=1.0, c=1.0, d=1.0), 9))
    assert known.total == 9
    # "x" may be among the nine or not.
    unknown, _ = await find(
        Prepared(hits(x=1.0), 1), Prepared(hits(a=1.0, b=1.0, c=1.0, d=1.0), 9)
    )
    assert unknown.total is None
    uncounted, _ = await find(Prepared(hits(a=1.0), 1), Prepared(hits(a=1.0), None))
    assert uncounted.total is None


async def test_a_first_engine_that_has_enough_is_enough_but_its_count_is_not_the_whole() -> None:
    second = Prepared(hits(z=1.0), 1)
    found, lack = await find(Prepared(hits(a=4.0, b=3.0, c=2.0, d=1.0), 7), second)
    assert lack is None
    assert [hit.id for hit in found.hits] == ["a", "b", "c", "d"]
    assert found.total is None
    assert second.asked == 0
