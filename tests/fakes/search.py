"""Search in memory: every word of the query, or something spelled like it, in the text."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from html import escape

from domain.identifiers import normalize_hashtag
from domain.ports.creators import CreatorRecords
from domain.ports.search import SearchHit, SearchHits, SearchQuery, Suggestion
from domain.posts import PostRecord
from stores.suggestions import interleave
from tests.fakes.posts import MemoryPosts

WORD = re.compile(r"\w+")


class MemorySearch:
    """With a ``capacity`` only so many posts are searched, the newest ones."""

    def __init__(
        self, posts: MemoryPosts, creators: CreatorRecords, *, capacity: int | None = None
    ) -> None:
        self._posts = posts
        self._creators = creators
        self._capacity = capacity

    @property
    def _records(self) -> Sequence[PostRecord]:
        if self._capacity is None:
            return self._posts.records
        newest = sorted(self._posts.records, key=lambda record: -record.created_at)
        return newest[: self._capacity]

    async def posts(self, query: SearchQuery) -> SearchHits:
        hits = [
            SearchHit(record.id, 1.0, _highlights(record, found))
            for record in self._records
            if record.recommendable and _wanted(record, query) and (found := _found(record, query))
        ]
        return SearchHits(hits[: query.limit], len(hits))

    async def creators(self, query: SearchQuery) -> SearchHits:
        name = query.text.strip().lower().removeprefix("@")
        ids = sorted({record.author_id for record in self._records})
        known = [record for record in await self._creators.get_many(ids) if record]
        hits = [
            (record.handle.lower() != name, SearchHit(record.id, 1.0))
            for record in known
            if name and f"{record.handle} {record.display_name}".lower().find(name) >= 0
        ]
        found = [hit for _, hit in sorted(hits, key=lambda hit: (hit[0], hit[1].id))]
        return SearchHits(found[: query.limit], len(found))

    async def hashtags(self, query: SearchQuery) -> SearchHits:
        prefix = normalize_hashtag(query.text)
        tags = [tag for post in self._records if post.recommendable for tag in post.hashtags]
        found = {tag for tag in tags if prefix and tag.startswith(prefix)}
        ordered = sorted(found, key=lambda tag: (tag != prefix, -tags.count(tag), tag))
        return SearchHits([SearchHit(tag, 1.0) for tag in ordered[: query.limit]], len(found))

    async def suggest(self, prefix: str, limit: int) -> Sequence[Suggestion]:
        text = prefix.strip().lower()
        query = SearchQuery(text, limit)
        ids = [hit.id for hit in (await self.creators(query)).hits]
        creators = [record for record in await self._creators.get_many(ids) if record]
        titles = [(one.title, one.id) for one in self._records if one.recommendable]
        kinds = (
            [Suggestion(hit.id, "HASHTAGS") for hit in (await self.hashtags(query)).hits],
            [Suggestion(record.handle, "CREATORS") for record in creators],
            [
                Suggestion(title, "POSTS", post_id)
                for title, post_id in titles
                if title and title.lower().startswith(text)
            ],
        )
        return interleave(kinds, limit) if text else []


def _wanted(record: PostRecord, query: SearchQuery) -> bool:
    return (
        query.category in (None, *(category.slug for category in record.categories))
        and query.hashtag in (None, *record.hashtags)
        and (query.language is None or f"{record.language}-".startswith(f"{query.language}-"))
        and query.region in (None, record.region)
        and (query.since is None or record.created_at >= query.since)
        and (query.until is None or record.created_at < query.until)
    )


def _found(record: PostRecord, query: SearchQuery) -> set[str]:
    """The words of the post that answer to the query's, empty unless each has one."""
    text = f"{record.title or ''} {record.text} {' '.join(record.hashtags)}".lower()
    words = WORD.findall(text)
    found = [get_close_matches(word, words, 1, 0.8) for word in WORD.findall(query.text.lower())]
    return {word for words in found for word in words} if all(found) else set()


def _highlights(record: PostRecord, found: set[str]) -> tuple[str, ...]:
    texts = [text for text in (record.title, record.text) if text]
    marked = [
        WORD.sub(lambda word: f"\x02{word[0]}\x03" if word[0].lower() in found else word[0], text)
        for text in texts
    ]
    return tuple(
        escape(text).replace("\x02", "<mark>").replace("\x03", "</mark>")
        for text in marked
        if "\x02" in text
    )
