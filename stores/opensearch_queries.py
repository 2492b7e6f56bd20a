"""What OpenSearch is asked to find posts, creators and hashtags.

What people type appears in ``match``, ``term`` and ``prefix`` queries only: it is never syntax.
"""

from collections.abc import Sequence
from typing import Final

from domain.identifiers import normalize_hashtag
from domain.ports.search import SearchQuery
from stores.opensearch_client import Body

MAX_COUNTED: Final = 10_000  # a higher total is not told
FIELDS: Final = ["title^3", "text", "hashtags.words^2"]
TITLE_TYPED: Final = ["title.typed", "title.typed._2gram", "title.typed._3gram"]
NAMES_TYPED: Final = [
    "handle.typed^2",
    "display_name.typed",
    "display_name.typed._2gram",
    "display_name.typed._3gram",
]
# Words as they stand are found with typing mistakes, their stems are not.
HIGHLIGHT: Final[Body] = {
    "encoder": "html",
    "pre_tags": ["<mark>"],
    "post_tags": ["</mark>"],
    "fields": {
        "title": {"number_of_fragments": 0},
        "title.plain": {"number_of_fragments": 0},
        "text": {"fragment_size": 120, "number_of_fragments": 2},
        "text.plain": {"fragment_size": 120, "number_of_fragments": 2},
    },
}


def posts_search(text: str, query: SearchQuery, now: float) -> Body:
    return {
        "size": query.limit,
        "query": _ranked(_matching(text, _filters(query)), now),
        "highlight": HIGHLIGHT,
        "_source": False,
        "track_total_hits": MAX_COUNTED,
        "sort": ["_score", {"created_at": "desc"}],
    }


def titles_search(text: str, limit: int) -> Body:
    """Posts whose titles have all these words, the last one perhaps in part."""
    return {
        "size": limit,
        "query": {
            "multi_match": {
                "query": text,
                "type": "bool_prefix",
                "operator": "and",
                "fields": TITLE_TYPED,
            }
        },
        "_source": ["title"],
    }


def creators_search(text: str, limit: int, *, forgiving: bool = True) -> Body:
    name = text.strip().removeprefix("@")
    should: list[Body] = [
        {"term": {"handle": {"value": name, "boost": 10}}},
        {"multi_match": {"query": name, "type": "bool_prefix", "fields": NAMES_TYPED}},
    ]
    if forgiving:
        misspelled: Body = {"query": name, "fuzziness": "AUTO", "boost": 0.5}
        should.append({"match": {"display_name": misspelled}})
    return {
        "size": limit,
        "query": {"bool": {"should": should}},
        "_source": ["handle"],
        "track_total_hits": MAX_COUNTED,
        "sort": ["_score", {"followers": "desc"}],
    }


def hashtags_search(text: str, limit: int, *, forgiving: bool = True) -> Body:
    name = normalize_hashtag(text)
    should: list[Body] = [_constant({"term": {"name": name}}, 10)]
    should.append(_constant({"prefix": {"name": name}}, 3))
    if forgiving:
        misspelled: Body = {"query": name, "fuzziness": "AUTO"}
        should.append(_constant({"match": {"name.typed": misspelled}}, 1))
    return {
        "size": limit,
        "query": {"bool": {"should": should}} if name else {"match_none": {}},
        "_source": False,
        "track_total_hits": MAX_COUNTED,
        "sort": ["_score", {"posts": "desc"}],
    }


def _matching(text: str, filters: Sequence[Body]) -> Body:
    """All words, anywhere in the post; for less, most of them with a typing mistake each."""
    return {
        "bool": {
            "should": [
                {
                    "multi_match": {
                        "query": text,
                        "type": "cross_fields",
                        "operator": "and",
                        "fields": FIELDS,
                        "boost": 3,
                    }
                },
                {
                    "multi_match": {
                        "query": text,
                        "type": "best_fields",
                        "fuzziness": "AUTO",
                        "prefix_length": 1,
                        "max_expansions": 30,
                        "minimum_should_match": "75%",
                        "fields": ["title.plain^3", "text.plain", "hashtags.words^2"],
                    }
                },
            ],
            "minimum_should_match": 1,
            "filter": list(filters),
        }
    }


def _ranked(query: Body, now: float) -> Body:
    """Relevance, up to doubled for new posts and raised by half for good ones."""
    recency: Body = {"origin": round(now * 1_000), "scale": "14d", "offset": "1d", "decay": 0.5}
    quality: Body = {"field": "quality", "missing": 0.5}
    return {
        "function_score": {
            "query": query,
            "functions": [
                {"weight": 1},
                {"gauss": {"created_at": recency}, "weight": 1},
                {"field_value_factor": quality, "weight": 0.5},
            ],
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }


def _filters(query: SearchQuery) -> Sequence[Body]:
    terms = {
        "categories": query.category,
        "hashtags": query.hashtag,
        "region": query.region,
    }
    filters: list[Body] = [
        {"term": {field: value}} for field, value in terms.items() if value is not None
    ]
    if query.language is not None:
        spoken: list[Body] = [
            {"term": {"language": query.language}},
            {"prefix": {"language": f"{query.language}-"}},
        ]
        filters.append({"bool": {"should": spoken, "minimum_should_match": 1}})
    span = {"gte": query.since, "lt": query.until}
    times = {bound: round(at * 1_000) for bound, at in span.items() if at is not None}
    if times:
        filters.append({"range": {"created_at": times}})
    return filters


def _constant(query: Body, score: float) -> Body:
    return {"constant_score": {"filter": query, "boost": score}}
