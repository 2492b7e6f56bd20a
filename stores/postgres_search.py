"""Search in PostgreSQL (port ``Search``), for when OpenSearch is away.

Full text first; where no word matches, similar spelling. User text is data in every query.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import asyncpg

from domain.identifiers import normalize_hashtag
from domain.ports.search import SearchHit, SearchHits, SearchQuery, Suggestion
from stores.marked_words import WORD, marked
from stores.postgres_pool import PostgresPool
from stores.suggestions import interleave

MAX_MATCHES: Final = 1_000  # the newest of them are ranked
MAX_HIGHLIGHTED: Final = 40
# Stand-ins that no text contains, for they are taken out of it first: for marks, for the gap
# between fragments, and for what PostgreSQL would read as a tag or an entity and leave out.
START: Final = "\x02"
STOP: Final = "\x03"
GAP: Final = "\x04"
STAND_INS: Final = {"\x05": "<", "\x06": ">", "\x07": "&"}
HIDDEN: Final = "".join(STAND_INS.values()) + START + STOP + GAP  # the last three become nothing
HEADLINE: Final = (
    f"StartSel={START}, StopSel={STOP}, FragmentDelimiter={GAP},"
    " MaxFragments=2, MaxWords=20, MinWords=5"
)
HALF_LIFE: Final = 30 * 86_400.0  # of the part that recency plays, in seconds
# The query is repeated where it is used: only so does the planner know how rare its words are.
BY_WORDS: Final = """
WITH matched AS MATERIALIZED (
    SELECT p.id, p.created_at, ts_rank(p.search, plainto_tsquery('english', $1), 1) AS relevance
    FROM posts p
    WHERE p.recommendable AND p.search @@ plainto_tsquery('english', $1)
        AND ($3::text IS NULL OR p.hashtags @> ARRAY[$3::text])
        AND ($4::text IS NULL OR p.language = $4 OR starts_with(p.language, $4 || '-'))
        AND ($5::text IS NULL OR p.region = $5)
        AND ($6::float8 IS NULL OR p.created_at >= to_timestamp($6))
        AND ($7::float8 IS NULL OR p.created_at < to_timestamp($7))
        AND ($8::text IS NULL OR EXISTS (
            SELECT FROM post_categories c WHERE c.post_id = p.id AND c.category_slug = $8))
    ORDER BY p.created_at DESC LIMIT $9
),
best AS (
    SELECT id, count(*) OVER () AS total, relevance * (1 + exp(
        -ln(2) * extract(epoch FROM max(created_at) OVER () - created_at)::float8 / $10)) AS score
    FROM matched ORDER BY score DESC, id LIMIT $2
)
SELECT id, score, total FROM best ORDER BY score DESC, id"""
HIGHLIGHTS: Final = """
SELECT id, ts_headline('english', translate(concat_ws(' ', title, left(body, 500)), $4, $5),
    plainto_tsquery('english', $2), $3) AS headline
FROM posts WHERE id = ANY($1::text[])"""
BY_SPELLING: Final = """
SELECT p.id, word_similarity($1, p.headline)::float8 AS score, count(*) OVER () AS total
FROM posts p
WHERE p.recommendable AND $1 <% p.headline AND numnode(plainto_tsquery('english', $1)) > 0
    AND ($3::text IS NULL OR p.hashtags @> ARRAY[$3::text])
    AND ($4::text IS NULL OR p.language = $4 OR starts_with(p.language, $4 || '-'))
    AND ($5::text IS NULL OR p.region = $5)
    AND ($6::float8 IS NULL OR p.created_at >= to_timestamp($6))
    AND ($7::float8 IS NULL OR p.created_at < to_timestamp($7))
    AND ($8::text IS NULL OR EXISTS (
        SELECT FROM post_categories c WHERE c.post_id = p.id AND c.category_slug = $8))
ORDER BY score DESC, p.created_at DESC, p.id LIMIT $2"""
# The words of a post that are spelled like one of the query's.
SPELLED: Final = r"""
SELECT p.id, t.text, ARRAY(
    SELECT DISTINCT w.word
    FROM regexp_split_to_table(lower(t.text), '\W+') w (word), unnest($2::text[]) q (word)
    WHERE similarity(w.word, q.word) >= 0.4
) AS words
FROM posts p CROSS JOIN LATERAL (SELECT concat_ws(' ', p.title, left(p.body, 500)) AS text) t
WHERE p.id = ANY($1::text[])"""
CREATORS: Final = """
SELECT id, handle, count(*) OVER () AS total,
    (CASE WHEN lower(handle) = $1 THEN 3 WHEN lower(handle) LIKE $2 THEN 2 ELSE 0 END
        + word_similarity($1, lower(handle || ' ' || display_name)))::float8 AS score
FROM creators
WHERE NOT deleted AND (lower(handle || ' ' || display_name) LIKE '%' || $2
    OR $1 <% lower(handle || ' ' || display_name))
ORDER BY score DESC, follower_count DESC NULLS LAST, id LIMIT $3"""
CREATORS_BY_PREFIX: Final = """
SELECT id, handle, count(*) OVER () AS total, (lower(handle) = $1)::int::float8 AS score
FROM creators WHERE NOT deleted AND lower(handle) LIKE $2
ORDER BY score DESC, follower_count DESC NULLS LAST, id LIMIT $3"""
# Most used first; of those, the ones with a post that may be shown.
HASHTAGS: Final = """
SELECT hashtag, uses FROM (
    SELECT hashtag, uses FROM hashtag_totals WHERE hashtag LIKE $1 AND uses > 0
    ORDER BY hashtag = $2 DESC, uses DESC, hashtag LIMIT $3 * 3
) used
WHERE EXISTS (SELECT FROM posts p WHERE p.recommendable AND p.hashtags @> ARRAY[used.hashtag])
ORDER BY hashtag = $2 DESC, uses DESC, hashtag LIMIT $3"""
TITLES: Final = """
WITH found AS MATERIALIZED (
    SELECT id, title, created_at FROM posts
    WHERE recommendable AND title IS NOT NULL AND headline LIKE $1 LIMIT 500
)
SELECT id, title FROM found ORDER BY created_at DESC LIMIT $2"""
SHORTEST: Final = 3  # characters; less has no trigram


class PostgresSearch:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def posts(self, query: SearchQuery) -> SearchHits:
        text = _plain(query.text)
        filters = (query.hashtag, query.language, query.region, query.since, query.until)
        wanted = (query.limit, *filters, query.category)
        rows = await self._pool.fetch(BY_WORDS, text, *wanted, MAX_MATCHES, HALF_LIFE)
        highlights: Mapping[str, tuple[str, ...]] = {}
        if rows:
            highlights = await self._highlights(text, [row["id"] for row in rows])
        else:
            rows = await self._pool.fetch(BY_SPELLING, text.lower(), *wanted)
            highlights = await self._alike(text, [row["id"] for row in rows])
        total = rows[0]["total"] if rows else 0
        return SearchHits(
            [SearchHit(row["id"], row["score"], highlights.get(row["id"], ())) for row in rows],
            None if total >= MAX_MATCHES else total,
        )

    async def creators(self, query: SearchQuery) -> SearchHits:
        rows = await self._creators(query.text, query.limit)
        hits = [SearchHit(row["id"], row["score"]) for row in rows]
        return SearchHits(hits, rows[0]["total"] if rows else 0)

    async def hashtags(self, query: SearchQuery) -> SearchHits:
        rows = await self._hashtags(query.text, query.limit)
        hits = [SearchHit(row["hashtag"], float(row["uses"])) for row in rows]
        return SearchHits(hits, len(hits) if len(hits) < query.limit else None)

    async def suggest(self, prefix: str, limit: int) -> list[Suggestion]:
        hashtags = await self._hashtags(prefix, limit)
        creators = await self._creators(prefix, limit)
        text = _plain(prefix).lower()
        titles: list[asyncpg.Record] = []
        if len(text) >= SHORTEST:
            titles = list(await self._pool.fetch(TITLES, _pattern(text), limit))
        kinds = (
            [Suggestion(row["hashtag"], "HASHTAGS") for row in hashtags],
            [Suggestion(row["handle"], "CREATORS") for row in creators],
            [Suggestion(row["title"], "POSTS", row["id"]) for row in titles],
        )
        return list(interleave(kinds, limit))

    async def _highlights(self, text: str, ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Of the best hits only: a headline takes the server up to a millisecond."""
        rows = await self._pool.fetch(
            HIGHLIGHTS, ids[:MAX_HIGHLIGHTED], text, HEADLINE, HIDDEN, "".join(STAND_INS)
        )
        return {row["id"]: _fragments(row["headline"]) for row in rows}

    async def _alike(self, text: str, ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        if not ids:
            return {}
        rows = await self._pool.fetch(SPELLED, ids[:MAX_HIGHLIGHTED], WORD.findall(text.lower()))
        return {row["id"]: marked(row["text"], row["words"]) for row in rows}

    async def _creators(self, text: str, limit: int) -> list[asyncpg.Record]:
        name = _plain(text).lower().removeprefix("@")
        if not name:
            return []
        statement = CREATORS if len(name) >= SHORTEST else CREATORS_BY_PREFIX
        return list(await self._pool.fetch(statement, name, _pattern(name), limit))

    async def _hashtags(self, text: str, limit: int) -> list[asyncpg.Record]:
        hashtag = normalize_hashtag(_plain(text))
        if not hashtag:
            return []
        return list(await self._pool.fetch(HASHTAGS, _pattern(hashtag), hashtag, limit))


def _plain(text: str) -> str:
    return text.replace("\0", "").strip()


def _pattern(prefix: str) -> str:
    """A ``LIKE`` pattern for texts that begin so."""
    literal = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{literal}%"


def _fragments(headline: str) -> tuple[str, ...]:
    shown = headline.translate(str.maketrans(STAND_INS))
    return tuple(
        escape(fragment).replace(START, "<mark>").replace(STOP, "</mark>")
        for fragment in shown.split(GAP)
        if START in fragment
    )
