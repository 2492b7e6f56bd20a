"""A viewer in the vocabularies of the caller's columns: what filters and features look up."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.interest_reading import Interest, Interests
from domain.ranking.candidates import Codes, Floats, Ints, Mask
from domain.viewer import InterestState

UNKNOWN: Final = -1

CodeOf = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Code of a name in the caller's columns, -1 where no row has it; ``categories``: how many.

    ``languages`` are those that rows have, by code.
    """

    category: CodeOf
    creator: CodeOf
    hashtag: CodeOf
    languages: Sequence[str]
    region: CodeOf
    categories: int


@dataclass(frozen=True, slots=True)
class Taste:
    """All lists of codes are sorted.

    ``topics`` [categories + 1] holds strengths in [-1, 1]; the last one is 0, so that code -1
    means nothing. ``muted_topics`` goes with it. ``creator_weights`` and ``hashtag_weights`` go
    with ``creators`` and ``hashtags``. ``hidden_posts`` and ``liked_posts`` are stable keys;
    ``own`` is the viewer's own author code, ``region`` the viewer's, -1 for none.
    """

    topics: Floats
    muted_topics: Mask
    chosen: Codes
    creators: Codes
    creator_weights: Floats
    muted_creators: Codes
    hidden_creators: Codes
    blocked: Codes
    followed: Codes
    hashtags: Codes
    hashtag_weights: Floats
    muted_hashtags: Codes
    hidden_posts: Ints
    liked_posts: Ints
    languages: Codes
    region: int
    own: int
    interactions: int
    show_sensitive: bool


def code_taste(
    interests: Interests, vocabulary: Vocabulary, *, viewer: str | None, region: str | None = None
) -> Taste:
    """``region`` is that of the request and outranks the viewer's own."""
    topics = np.zeros(vocabulary.categories + 1)
    muted_topics = np.zeros(vocabulary.categories + 1, dtype=np.bool_)
    chosen: list[int] = []
    for slug, interest in interests.topics.items():
        code = vocabulary.category(slug)
        if code != UNKNOWN:
            topics[code] = interest.strength
            muted_topics[code] = interest.state is InterestState.MUTED
            if interest.state in (InterestState.CHOSEN, InterestState.PINNED):
                chosen.append(code)
    creators, creator_weights = _weighted(interests.creators, vocabulary.creator)
    hashtags, hashtag_weights = _weighted(interests.hashtags, vocabulary.hashtag)
    here = region or interests.region
    return Taste(
        topics=topics,
        muted_topics=muted_topics,
        chosen=np.array(sorted(chosen), dtype=np.int32),
        creators=creators,
        creator_weights=creator_weights,
        muted_creators=_codes(_muted(interests.creators), vocabulary.creator),
        hidden_creators=_codes(interests.hidden_creators, vocabulary.creator),
        blocked=_codes(interests.blocked, vocabulary.creator),
        followed=_codes(interests.followed, vocabulary.creator),
        hashtags=hashtags,
        hashtag_weights=hashtag_weights,
        muted_hashtags=_codes(_muted(interests.hashtags), vocabulary.hashtag),
        hidden_posts=np.array(sorted(interests.hidden_posts), dtype=np.int64),
        liked_posts=np.array(sorted(interests.liked_posts), dtype=np.int64),
        languages=_understood(interests.languages, vocabulary.languages),
        region=vocabulary.region(here) if here else UNKNOWN,
        own=vocabulary.creator(viewer) if viewer else UNKNOWN,
        interactions=interests.interactions,
        show_sensitive=interests.show_sensitive,
    )


def _codes(names: Iterable[str], code_of: CodeOf) -> Codes:
    codes = {code_of(name) for name in names}
    codes.discard(UNKNOWN)
    return np.array(sorted(codes), dtype=np.int32)


def _understood(wanted: Sequence[str], languages: Sequence[str]) -> Codes:
    """Who reads ``en`` reads ``en-GB``, and who reads ``pt-BR`` reads what is only called ``pt``.

    [n], the codes of such languages.
    """
    codes = [
        code
        for code, language in enumerate(languages)
        if any(
            f"{language}-".startswith(f"{tag}-") or tag.startswith(f"{language}-")
            for tag in wanted
        )
    ]
    return np.array(codes, dtype=np.int32)


def _weighted(interests: Mapping[str, Interest], code_of: CodeOf) -> tuple[Codes, Floats]:
    codes = np.array([code_of(name) for name in interests], dtype=np.int32)
    weights = np.array([interest.strength for interest in interests.values()])
    order = codes.argsort()
    order = order[codes[order].searchsorted(0) :]  # without those that no row has
    return codes[order], weights[order]


def _muted(interests: Mapping[str, Interest]) -> Iterable[str]:
    return [name for name, it in interests.items() if it.state is InterestState.MUTED]
