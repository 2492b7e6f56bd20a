"""The indices: strict mappings, versioned names behind aliases.

A mapping that changes gets a new version; the alias moves when the new index is filled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

SETTINGS: Final[Mapping[str, Any]] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": "300ms",
    "analysis": {
        "filter": {"english_stemmer": {"type": "stemmer", "language": "english"}},
        "analyzer": {
            "words": {
                "type": "custom",
                "tokenizer": "standard",
                "filter": ["lowercase", "asciifolding", "english_stemmer"],
            },
            "plain": {
                "type": "custom",
                "tokenizer": "standard",
                "filter": ["lowercase", "asciifolding"],
            },
        },
        "normalizer": {"folded": {"type": "custom", "filter": ["lowercase", "asciifolding"]}},
    },
}
KEYWORD: Final = {"type": "keyword", "ignore_above": 1_000}
WORDS: Final = {"type": "text", "analyzer": "words"}
TYPED: Final = {"type": "search_as_you_type", "analyzer": "plain"}


@dataclass(frozen=True, slots=True)
class Index:
    """`name` behind the prefix is the alias; with the version it is the index."""

    name: str
    version: int
    properties: Mapping[str, Any]

    def alias(self, prefix: str) -> str:
        return f"{prefix}-{self.name}"

    def index(self, prefix: str) -> str:
        return f"{prefix}-{self.name}-v{self.version}"

    def body(self, prefix: str) -> dict[str, Any]:
        return {
            "settings": dict(SETTINGS),
            "mappings": {"dynamic": "strict", "properties": dict(self.properties)},
            "aliases": {self.alias(prefix): {}},
        }


POSTS: Final = Index(
    "posts",
    1,
    {
        "title": {
            **WORDS,
            "fields": {"plain": {"type": "text", "analyzer": "plain"}, "typed": TYPED},
        },
        "text": {**WORDS, "fields": {"plain": {"type": "text", "analyzer": "plain"}}},
        "hashtags": {**KEYWORD, "fields": {"words": WORDS}},
        "categories": KEYWORD,
        "author_id": KEYWORD,
        "language": KEYWORD,
        "region": KEYWORD,
        "created_at": {"type": "date", "format": "epoch_millis"},
        "quality": {"type": "float"},
    },
)
CREATORS: Final = Index(
    "creators",
    1,
    {
        "handle": {
            "type": "keyword",
            "normalizer": "folded",
            "ignore_above": 1_000,
            "fields": {"typed": TYPED},
        },
        "display_name": {"type": "text", "analyzer": "plain", "fields": {"typed": TYPED}},
        "region": KEYWORD,
        "followers": {"type": "long"},
        "posts": {"type": "long"},
    },
)
HASHTAGS: Final = Index(
    "hashtags", 1, {"name": {**KEYWORD, "fields": {"typed": TYPED}}, "posts": {"type": "long"}}
)
INDICES: Final[Sequence[Index]] = (POSTS, CREATORS, HASHTAGS)
