"""What this process knows about posts: columns for ranking, records for cards, one row per post.

Rows are only ever appended; a post's row is changed in place, so that a withdrawal holds at once
for every list and open session. When the table is full, ``compacted`` makes a new one of the rows
worth keeping; whoever is in the middle of a request goes on with the old one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from domain import policy_columns
from domain.identifiers import stable_key
from domain.policy import Setting, Surface
from domain.posts import PostRecord, PostStats
from domain.ranking.candidates import (
    MAX_CATEGORIES,
    MAX_HASHTAGS,
    Bits,
    Candidates,
    Codes,
    Floats,
    Ints,
    Mask,
)
from domain.ranking.features.creator_standing import usual_engagement
from domain.ranking.near_duplicates import Clusters
from domain.seen import digest_words
from services.post_columns import PostColumns
from services.vocabulary import ABSENT, Vocabulary

FIRST_CAPACITY: Final = 1_024


class PostTable:
    def __init__(self) -> None:
        self.authors = Vocabulary()
        self.categories = Vocabulary()
        self.hashtags = Vocabulary()
        self.languages = Vocabulary()
        self.regions = Vocabulary()
        self._columns = PostColumns.empty(FIRST_CAPACITY)
        self._rows: dict[str, int] = {}
        self._keys: dict[int, int] = {}
        self._records: list[PostRecord] = []
        self._ids: list[str] = []  # beside the records, which need not be touched for them
        self._clusters = Clusters()
        self._uses = 0
        self._usual: Floats | None = None

    def __len__(self) -> int:
        return len(self._records)

    @property
    def columns(self) -> PostColumns:
        """The arrays themselves; only the first ``len(table)`` rows mean anything."""
        return self._columns

    @property
    def codes(self) -> int:
        """How many codes there are in all vocabularies; grows with each new one."""
        columns = self.authors, self.categories, self.hashtags, self.languages, self.regions
        return sum(map(len, columns))

    def row(self, post_id: str) -> int:
        """The post's row, ``ABSENT`` if it is not here."""
        return self._rows.get(post_id, ABSENT)

    def rows(self, post_ids: Iterable[str]) -> Codes:
        """A row per id, ``ABSENT`` for those not here."""
        found = [self._rows.get(post_id, ABSENT) for post_id in post_ids]
        return np.array(found, dtype=np.int32)

    def missing(self, post_ids: Iterable[str]) -> list[str]:
        return [post_id for post_id in post_ids if post_id not in self._rows]

    def record(self, row: int) -> PostRecord:
        return self._records[row]

    def with_key(self, key: int) -> str | None:
        """The post of this stable key."""
        row = self._keys.get(key)
        return None if row is None else self._records[row].id

    def ids(self, rows: Codes) -> list[str]:
        """The post of each row."""
        places: list[int] = rows.tolist()
        ids = self._ids
        return [ids[row] for row in places]

    def find(self, post_id: str) -> PostRecord | None:
        row = self._rows.get(post_id)
        return None if row is None else self._records[row]

    def stats(self, rows: Sequence[int]) -> list[PostStats]:
        """The counts of each row."""
        columns, places = self._columns, np.asarray(rows, dtype=np.int64)
        counted = [columns.likes, columns.comments, columns.reposts, columns.views]
        return list(map(PostStats, *(column[places].tolist() for column in counted)))

    def put(self, record: PostRecord) -> int:
        """Add the post or bring its row up to date, unless a later revision is there; its row."""
        row = self._rows.get(record.id)
        if row is None:
            row = len(self._records)
            if row == self._columns.capacity:
                self._columns = self._columns.grown(2 * row)
            self._rows[record.id] = row
            self._records.append(record)
            self._ids.append(record.id)
            self._columns.key[row] = key = stable_key(record.id)
            self._keys[key] = row
            self._columns.digest[row] = digest_words(record.id)
        elif record.revision < self._records[row].revision:
            return row
        self._usual = None
        self._records[row] = record
        self._fill(row, record)
        self.touch(row)
        return row

    def withdraw(self, post_id: str) -> None:
        """Take out of use a post that no store knows any longer."""
        row = self._rows.get(post_id)
        if row is not None:
            self._columns.recommendable[row] = False
            del self._rows[post_id]

    def put_stats(self, post_ids: Sequence[str], stats: Sequence[PostStats]) -> None:
        self._usual = None
        columns = self._columns
        for post_id, counted in zip(post_ids, stats, strict=True):
            row = self._rows.get(post_id)
            if row is not None:
                columns.likes[row] = counted.likes
                columns.comments[row] = counted.comments
                columns.reposts[row] = counted.reposts
                columns.views[row] = counted.views

    def of_category(self, rows: Codes, slug: str) -> Mask:
        """[n], whether each row belongs to the category."""
        code = self.categories.code(slug)
        return np.any(self._columns.categories[rows] == code, axis=1) & (code >= 0)

    def of_hashtag(self, rows: Codes, name: str) -> Mask:
        """[n], whether each row has the hashtag."""
        code = self.hashtags.code(name)
        return np.any(self._columns.hashtags[rows] == code, axis=1) & (code >= 0)

    def usual_engagement(self, rows: Codes) -> Floats:
        """[n], the engagement that posts of each row's author usually have."""
        held, size = self._columns, len(self)
        if self._usual is None:
            engagement = held.likes[:size] + 2.0 * held.comments[:size] + 3.0 * held.reposts[:size]
            self._usual = usual_engagement(held.author[:size], engagement, len(self.authors))
        return self._usual[held.author[rows]]

    def note_moved(self, post_ids: Iterable[str], at: float) -> None:
        """Lists have brought news of these posts."""
        rows = self.rows(post_ids)
        self._columns.moved_at[rows[rows >= 0]] = at

    def news(self, rows: Codes, since: float, known: Codes) -> Mask:
        """[n], which rows have moved since then and are none of the ``known`` ones."""
        fresh = np.ones(len(self), dtype=np.bool_)
        fresh[known[known >= 0]] = False
        return fresh[rows] & (self._columns.moved_at[rows] >= since)

    def touch(self, rows: int | Codes) -> None:
        """Note a use, so that these rows are kept longer than others."""
        self._uses += 1
        self._columns.touched[rows] = self._uses

    def gather(
        self,
        rows: Codes,
        sources: Bits,
        columns: Mapping[str, Floats],
        surface: Surface = Surface.RECOMMENDATION,
    ) -> Candidates:
        """The named rows as candidates for a list, with further columns of the same length."""
        held, places = self._columns, rows.astype(np.intp)
        verdicts = held.verdicts.take(places)
        shown = policy_columns.shown(verdicts, surface, Setting.OPTED_IN)
        return Candidates(
            row=rows,
            key=held.key.take(places),
            author=held.author.take(places),
            category=held.category.take(places),
            categories=held.categories.take(places, axis=0),
            confidence=held.confidence.take(places, axis=0),
            hashtags=held.hashtags.take(places, axis=0),
            language=held.language.take(places),
            region=held.region.take(places),
            created_at=held.created_at.take(places),
            quality=held.quality.take(places),
            sensitive=~policy_columns.shown(verdicts, surface, Setting.OPTED_OUT) & shown,
            recommendable=held.recommendable.take(places) & shown,
            digest=held.digest.take(places, axis=0),
            sources=sources,
            columns={
                "flagged": policy_columns.flagged(verdicts, surface, Setting.OPTED_IN).astype(
                    np.float64
                ),
                **columns,
            },
        )

    def compacted(self, held: Mask, keep: int) -> tuple["PostTable", Ints]:
        """A new table of the held rows and the latest used others, at least ``keep`` in all.

        Also the new row of each old one, ``ABSENT`` for those dropped.
        """
        size = len(self._records)
        wanted = held[:size].copy()
        others = np.flatnonzero(~wanted)
        room = max(0, keep - int(wanted.sum()))
        latest = others[np.argsort(-self._columns.touched[others], kind="stable")[:room]]
        wanted[latest] = True
        made = PostTable()
        moved = np.full(size, ABSENT, dtype=np.int64)
        for row in np.flatnonzero(wanted).tolist():
            record = self._records[row]
            if self._rows.get(record.id) == row:
                moved[row] = made.put(record)
        kept = np.flatnonzero(moved >= 0)
        for name in ("likes", "comments", "reposts", "views", "moved_at", "touched"):
            getattr(made.columns, name)[moved[kept]] = getattr(self._columns, name)[kept]
        made._uses = self._uses
        return made, moved

    def _fill(self, row: int, record: PostRecord) -> None:
        columns = self._columns
        guesses = record.categories[:MAX_CATEGORIES]
        slugs = [self.categories.add(guess.slug) for guess in guesses]
        tags = [self.hashtags.add(tag) for tag in record.hashtags[:MAX_HASHTAGS]]
        columns.author[row] = self.authors.add(record.author_id)
        columns.category[row] = slugs[0] if slugs else ABSENT
        columns.categories[row] = slugs + [ABSENT] * (MAX_CATEGORIES - len(slugs))
        columns.confidence[row] = [guess.confidence for guess in guesses] + [0.0] * (
            MAX_CATEGORIES - len(guesses)
        )
        columns.hashtags[row] = tags + [ABSENT] * (MAX_HASHTAGS - len(tags))
        columns.language[row] = self.languages.add(record.language)
        columns.region[row] = self.regions.add(record.region)
        columns.created_at[row] = record.created_at
        quality = record.scores.quality
        columns.quality[row] = np.nan if quality is None else quality
        columns.verdicts[row] = record.list_verdicts
        columns.recommendable[row] = record.recommendable
        columns.cluster[row] = self._clusters.assign(record)
