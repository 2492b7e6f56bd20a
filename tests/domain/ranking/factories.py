"""Candidates and tastes for tests, from a seed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from domain.feed import CandidateSource
from domain.ranking.candidates import Candidates, Codes, Floats, Ints
from domain.ranking.taste import Taste

NOW = 1_800_000_000.0
DAY = 86_400.0
CATEGORIES = 8


def codes(*values: int) -> Codes:
    return np.array(sorted(values), dtype=np.int32)


def keys(*values: int) -> Ints:
    return np.array(sorted(values), dtype=np.int64)


def make_candidates(
    seed: int,
    rows: int,
    *,
    authors: int = 120,
    categories: int = CATEGORIES,
    tags: int = 60,
    sources: Sequence[CandidateSource] = tuple(CandidateSource)[:9],
) -> Candidates:
    """Random columns without sensitive, withdrawn or future posts."""
    draw = random.Random(seed)

    def floats(scale: float = 1.0) -> Floats:
        return np.array([draw.random() * scale for _ in range(rows)])

    def integers(low: int, high: int, *shape: int) -> list[int]:
        return [draw.randrange(low, high) for _ in range(rows * (shape[0] if shape else 1))]

    topics = np.array(integers(0, categories, 3), dtype=np.int32).reshape(rows, 3)
    topics[:, 2] = -1
    bits = [sum(1 << s for s in draw.sample(sources, k=min(len(sources), 2))) for _ in range(rows)]
    return Candidates(
        row=np.arange(rows, dtype=np.int32),
        key=np.array([draw.getrandbits(62) - 2**61 for _ in range(rows)], dtype=np.int64),
        author=np.array(integers(0, authors), dtype=np.int32),
        category=topics[:, 0],
        categories=topics,
        confidence=np.array(floats()).repeat(3).reshape(rows, 3),
        hashtags=np.array(integers(-1, tags, 6), dtype=np.int32).reshape(rows, 6),
        language=np.array(integers(-1, 3), dtype=np.int32),
        region=np.array(integers(-1, 4), dtype=np.int32),
        created_at=NOW - floats(5 * DAY),
        quality=floats(),
        sensitive=np.zeros(rows, dtype=np.bool_),
        recommendable=np.ones(rows, dtype=np.bool_),
        digest=np.array(integers(0, 65_536, 8), dtype=np.uint16).reshape(rows, 8),
        sources=np.array(bits, dtype=np.uint32),
        columns={
            "trend": floats(50.0),
            "trend.HOUR": floats(20.0),
            "trend.DAY": floats(50.0),
            "trend.WEEK": floats(100.0),
            "likes": floats(500.0),
            "comments": floats(100.0),
            "co_engaged": floats(),
        },
    )


def with_columns(candidates: Candidates, columns: Mapping[str, Floats]) -> Candidates:
    return replace(candidates, columns={**candidates.columns, **columns})


def changed(candidates: Candidates, **parts: object) -> Candidates:
    """The candidates with other arrays in the place of the named ones."""
    return replace(candidates, **parts)


def make_taste(**parts: object) -> Taste:
    """A viewer who has said and done nothing, but for ``parts``."""
    nobody = Taste(
        topics=np.zeros(CATEGORIES + 1),
        muted_topics=np.zeros(CATEGORIES + 1, dtype=np.bool_),
        chosen=codes(),
        creators=codes(),
        creator_weights=np.empty(0),
        muted_creators=codes(),
        hidden_creators=codes(),
        blocked=codes(),
        followed=codes(),
        hashtags=codes(),
        hashtag_weights=np.empty(0),
        muted_hashtags=codes(),
        hidden_posts=keys(),
        liked_posts=keys(),
        languages=codes(),
        region=-1,
        own=-1,
        interactions=0,
        show_sensitive=False,
    )
    return replace(nobody, **parts)


def fan_taste(seed: int, interactions: int = 60) -> Taste:
    """A viewer with likes and dislikes of every kind."""
    draw = random.Random(seed)
    topics = np.array([draw.uniform(-1, 1) for _ in range(CATEGORIES)] + [0.0])
    creators = draw.sample(range(120), 30)
    tags = draw.sample(range(60), 20)
    return make_taste(
        topics=topics,
        creators=codes(*creators),
        creator_weights=np.array([draw.uniform(-1, 1) for _ in creators]),
        hashtags=codes(*tags),
        hashtag_weights=np.array([draw.uniform(-1, 1) for _ in tags]),
        blocked=codes(*draw.sample(range(120), 3)),
        muted_creators=codes(*draw.sample(range(120), 3)),
        own=draw.randrange(120),
        interactions=interactions,
    )
