"""Why a post is shown, in words for people.

Reasons come from the source under which a post is shown and from the terms that carried it; a
reason whose term adds next to nothing, or whose fact does not hold, is not given.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from domain.feed import CandidateSource, Reason, ReasonCode
from domain.interest_reading import Interest, Interests
from domain.posts import PostRecord
from domain.ranking.session import RankedSession, unpacked
from domain.viewer import InterestState

LEAST_PART: Final = 0.15  # of all positive contributions, for a term to be a reason
MAX_REASONS: Final = 3


class Facts(NamedTuple):
    """What holds of a post beside the terms that carry it.

    ``is_popular`` where many have reacted, compared with all posts.
    """

    is_new: bool
    is_popular: bool


class Names(NamedTuple):
    """Display names for messages; ``region`` is that of the request."""

    category: Callable[[str], str]
    creator: str
    region: str | None = None


def carrying_terms(session: RankedSession, rows: Sequence[int]) -> list[list[str]]:
    """For each of these rows the names of the terms that carried it, those that did most first.

    A term carries a row that makes up ``LEAST_PART`` of all that speaks for the row.
    """
    terms = sorted(session.terms, key=lambda term: term.name)
    values = unpacked(b"".join([term.values for term in terms])).reshape(len(terms), -1)
    weights = np.array([term.weight for term in terms], dtype=np.float32)
    parts = np.multiply(values.T[np.array(rows, dtype=np.intp)], weights, order="C")
    for_it = np.maximum(parts, 0.0)
    carries = (for_it > 0.0) & (for_it >= LEAST_PART * for_it.sum(axis=1, keepdims=True))
    ordered: list[list[int]] = np.argsort(-parts, axis=1, kind="stable").tolist()
    names: list[str] = [term.name for term in terms]
    return [
        [names[place] for place in places if carried[place]]
        for places, carried in zip(ordered, carries.tolist(), strict=True)
    ]


def reasons(
    source: CandidateSource,
    terms: Sequence[str],
    record: PostRecord,
    interests: Interests,
    names: Names,
    facts: Facts,
) -> tuple[Reason, ...]:
    """At least one and at most three, the source's first, then those of the carrying terms.

    Where neither gives one, what else holds.
    """
    found: dict[ReasonCode, Reason] = {}
    of_source = _of_source(source, record, interests, names)
    if of_source is not None:
        found[of_source.code] = of_source
    for term in terms:
        if len(found) == MAX_REASONS:
            break
        if term == "popularity" and not (facts.is_popular and source is not CandidateSource.FRESH):
            continue  # it carries what nothing else does, too, and what few have seen
        reason = _of_term(term, record, interests, names)
        if reason is not None:
            found.setdefault(reason.code, reason)
    return tuple(found.values()) or (_otherwise(terms, facts),)


def _otherwise(terms: Sequence[str], facts: Facts) -> Reason:
    if facts.is_new and not _OF_NEW_POSTS.isdisjoint(terms):
        return _plain(ReasonCode.NEW_AND_PROMISING)
    return _plain(ReasonCode.POPULAR) if facts.is_popular else _UNSEEN


def _of_source(
    source: CandidateSource, record: PostRecord, interests: Interests, names: Names
) -> Reason | None:
    if source is CandidateSource.CATEGORY:
        return _chosen_topic(record, interests, names)
    if source is CandidateSource.REGIONAL and names.region:
        return Reason(ReasonCode.TRENDING_IN_REGION, f"Trending in {names.region}")
    if source in _CODES:
        return _plain(_CODES[source])
    term = _TERMS.get(source)
    return None if term is None else _of_term(term, record, interests, names)


def _of_term(term: str, record: PostRecord, interests: Interests, names: Names) -> Reason | None:
    if term == "topic_affinity":
        return _liked_topic(record, interests, names)
    if term == "creator_affinity":
        return _liked_creator(record, interests, names)
    if term == "hashtag_affinity":
        return _liked_hashtag(record, interests)
    code = _CODES_OF_TERMS.get(term)
    return None if code is None else _plain(code)


def _chosen_topic(record: PostRecord, interests: Interests, names: Names) -> Reason | None:
    for category in record.categories:
        interest = interests.topics.get(category.slug)
        if interest and interest.state in (InterestState.CHOSEN, InterestState.PINNED):
            text = f"From {names.category(category.slug)}, which you chose"
            return Reason(ReasonCode.CHOSEN_TOPIC, text, category=category.slug)
    return None


def _liked_topic(record: PostRecord, interests: Interests, names: Names) -> Reason | None:
    slug = _strongest([category.slug for category in record.categories], interests.topics)
    if slug is None:
        return None
    text = f"Because you like {names.category(slug)}"
    return Reason(ReasonCode.TOPIC_YOU_LIKE, text, category=slug)


def _liked_creator(record: PostRecord, interests: Interests, names: Names) -> Reason | None:
    if _strongest([record.author_id], interests.creators) is None:
        return None
    followed = record.author_id in interests.followed
    text = f"Because you {'follow' if followed else 'like posts by'} {names.creator}"
    return Reason(ReasonCode.CREATOR_YOU_LIKE, text, creator=record.author_id)


def _liked_hashtag(record: PostRecord, interests: Interests) -> Reason | None:
    tag = _strongest(record.hashtags, interests.hashtags)
    if tag is None:
        return None
    return Reason(ReasonCode.TOPIC_YOU_LIKE, f"Because you like #{tag}", hashtag=tag)


def _strongest(names: Sequence[str], interests: Mapping[str, Interest]) -> str | None:
    liked = [(interests[name].strength, name) for name in names if name in interests]
    strength, name = max(liked, default=(0.0, None))
    return name if strength > 0.0 else None


def _plain(code: ReasonCode) -> Reason:
    return _PLAIN[code]


_CODES: Final = {
    CandidateSource.TRENDING: ReasonCode.TRENDING_NOW,
    CandidateSource.CO_ENGAGED: ReasonCode.SIMILAR_TO_LIKED,
    CandidateSource.FRESH: ReasonCode.NEW_AND_PROMISING,
    CandidateSource.SERENDIPITY: ReasonCode.SOMETHING_DIFFERENT,
    CandidateSource.EDITORIAL: ReasonCode.EDITORS_PICK,
    CandidateSource.SNAPSHOT: ReasonCode.POPULAR,
    CandidateSource.STATIC: ReasonCode.POPULAR,
}
_TERMS: Final = {
    CandidateSource.PERSONALIZED: "topic_affinity",
    CandidateSource.CREATOR_AFFINITY: "creator_affinity",
}
_OF_NEW_POSTS: Final = frozenset({"freshness", "liveliness"})
_CODES_OF_TERMS: Final = {
    "trend": ReasonCode.TRENDING_NOW,
    "co_engaged": ReasonCode.SIMILAR_TO_LIKED,
    "popularity": ReasonCode.POPULAR,
}
_MESSAGES: Final = {
    ReasonCode.TRENDING_NOW: "Trending now",
    ReasonCode.SIMILAR_TO_LIKED: "People who like what you like engaged with this",
    ReasonCode.NEW_AND_PROMISING: "New and not widely seen yet",
    ReasonCode.SOMETHING_DIFFERENT: "Something different from what you usually see",
    ReasonCode.EDITORS_PICK: "Picked by the editors",
    ReasonCode.POPULAR: "Popular on Explore",
}
_UNSEEN: Final = Reason(ReasonCode.NEW_AND_PROMISING, "Not widely seen yet")
_PLAIN: Final = {code: Reason(code, message) for code, message in _MESSAGES.items()}
