"""Copies of a text or a link are one cluster; what differs is not."""

from math import isnan

import pytest

from domain.moderation import ReviewStatus, SafetyScores
from domain.posts import PostRecord
from domain.ranking.near_duplicates import Clusters


def post(title: str | None = None, text: str = "", url: str | None = None) -> PostRecord:
    return PostRecord(
        id="p",
        revision=1,
        author_id="ann",
        title=title,
        text=text,
        url=url,
        language=None,
        region=None,
        created_at=0.0,
        categories=(),
        hashtags=(),
        media=(),
        status=ReviewStatus.AUTO_APPROVED,
        scores=SafetyScores(),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            post(text="Win a trip to Rome now!"),
            post(text="win a TRIP to rome, now"),
        ),
        (post("Trams are", "back in town"), post(None, "Trams are back in town @ann")),
        (
            post("Trams", url="https://www.example.org/a/?utm_source=x#top"),
            post("They return", url="http://example.org/a"),
        ),
        (
            post("Trams are back in town", url="https://example.org/1"),
            post("Trams are back in town", url="https://example.org/2"),
        ),
    ],
)
def test_copies_share_a_cluster(one: PostRecord, other: PostRecord) -> None:
    clusters = Clusters()
    assert clusters.assign(one) == clusters.assign(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (post(text="Win a trip to Rome now"), post(text="Win a trip to Oslo now")),
        (post(url="https://example.org/a?id=1"), post(url="https://example.org/a?id=2")),
    ],
)
def test_what_differs_does_not(one: PostRecord, other: PostRecord) -> None:
    clusters = Clusters()
    assert clusters.assign(one) != clusters.assign(other)


@pytest.mark.parametrize("alone", [post(text="Good morning"), post(url="https://[broken"), post()])
def test_too_little_to_tell_is_no_cluster(alone: PostRecord) -> None:
    assert isnan(Clusters().assign(alone))


def test_a_link_and_a_text_lead_to_one_cluster() -> None:
    clusters = Clusters()
    both = clusters.assign(post("Trams are back in town", url="https://example.org/a"))
    assert clusters.assign(post("They return", url="https://example.org/a")) == both
    assert clusters.assign(post("Trams are back in town")) == both
