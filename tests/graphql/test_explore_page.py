"""A page of posts as a client gets it: every field, exactly."""

from pathlib import Path
from typing import Any

from domain.errors import InvalidInput
from domain.feed import ScoreAdjustment, ScoreExplanation, ScoreTerm
from domain.identifiers import Kind, encode_global_id
from domain.moderation import SafetyReason
from domain.posts import Media, MediaKind, PostStats
from services.pages import HashtagCard, PostViewerState, PostVisibility
from tests.graphql.cards import CITIES, creator_card, feed_item, page, post_card
from tests.graphql.scripted import Call, execute

EXPLORE = (Path(__file__).resolve().parents[2] / "operations" / "Explore.graphql").read_text()
CATEGORY = {
    "id": encode_global_id(Kind.CATEGORY, CITIES.slug),
    "slug": "cities",
    "name": "Cities",
}


def post(post_id: str) -> dict[str, Any]:
    return {
        "id": encode_global_id(Kind.POST, post_id),
        "title": f"Title of {post_id}",
        "text": "Trams at dawn",
        "url": None,
        "language": "en",
        "createdAt": "2026-11-18T11:06:40Z",
        "creator": {
            "id": encode_global_id(Kind.CREATOR, "ada"),
            "handle": "ada.writes",
            "displayName": "Ada",
            "avatarUrl": "https://img.example/a.png",
            "isFollowedByViewer": None,
        },
        "categories": [{"confidence": 0.9, "category": CATEGORY}],
        "hashtags": [
            {"id": encode_global_id(Kind.HASHTAG, "trams"), "name": "trams"},
            {"id": encode_global_id(Kind.HASHTAG, "dawn"), "name": "dawn"},
        ],
        "media": [
            {
                "url": "https://img.example/t.jpg",
                "kind": "IMAGE",
                "width": 640,
                "height": 480,
                "alt": "A tram",
            }
        ],
        "stats": {"likes": 7, "comments": 2, "reposts": 1, "views": 90},
        "interstitial": None,
        "viewerState": None,
    }


async def test_a_page_comes_whole_from_one_use_case() -> None:
    answers = {
        "explore.page": page(
            feed_item(post_card("p1"), 0), feed_item(post_card("p2"), 1), has_next=True
        )
    }
    answer = await execute(EXPLORE, answers, variables={"first": 2, "region": "DE"})
    edges = [
        {
            "cursor": f"cursor-{position}",
            "position": position,
            "source": "TRENDING",
            "impressionToken": f"token-{post_id}",
            "why": {"reasons": [{"code": "TRENDING_NOW", "message": "Rising now"}]},
            "node": post(post_id),
        }
        for position, post_id in enumerate(("p1", "p2"))
    ]
    assert answer.data == {
        "explore": {
            "edges": edges,
            "pageInfo": {"hasNextPage": True, "endCursor": "cursor-1"},
            "feed": {
                "requestId": "r-1",
                "freshness": "LIVE",
                "degradedSources": [],
                "generatedAt": "2026-11-18T11:06:40.250Z",
                "newPosts": None,
            },
        }
    }
    assert answer.errors == []
    assert answer.calls == [Call("explore.page", (), {"first": 2, "after": None, "region": "DE"})]


async def test_an_empty_page_has_no_cursors() -> None:
    answer = await execute(
        "{ explore { nodes { id } pageInfo "
        "{ hasNextPage hasPreviousPage startCursor endCursor } } }",
        {"explore.page": page()},
    )
    assert answer.data == {
        "explore": {
            "nodes": [],
            "pageInfo": {
                "hasNextPage": False,
                "hasPreviousPage": False,
                "startCursor": None,
                "endCursor": None,
            },
        }
    }


async def test_what_belongs_to_the_viewer_and_to_the_author_is_told() -> None:
    card = post_card(
        viewer_state=PostViewerState(has_liked=True, has_saved=False, has_seen=True),
        creator=creator_card(is_followed=True),
    )
    shown = type(card)(
        record=card.record,
        stats=card.stats,
        creator=card.creator,
        categories=card.categories,
        viewer_state=card.viewer_state,
        visibility=PostVisibility(card.record.status, True, (SafetyReason.NSFW,), 1_795_000_001.0),
        interstitial=SafetyReason.NSFW,
    )
    answer = await execute(
        """{ explore { nodes {
            viewerState { hasLiked hasSaved hasSeen }
            visibility { status eligibleForRecommendation reasons expiresAt }
            interstitial { reason message }
            creator { isFollowedByViewer topCategories { slug } }
        } } }""",
        {"explore.page": page(feed_item(shown))},
        viewer_id="eve",
    )
    assert answer.data["explore"]["nodes"] == [
        {
            "viewerState": {"hasLiked": True, "hasSaved": False, "hasSeen": True},
            "visibility": {
                "status": "AUTO_APPROVED",
                "eligibleForRecommendation": True,
                "reasons": ["NSFW"],
                "expiresAt": "2026-11-18T11:06:41Z",
            },
            "interstitial": {
                "reason": "NSFW",
                "message": "This post may not be for every eye or place.",
            },
            "creator": {"isFollowedByViewer": True, "topCategories": [{"slug": "cities"}]},
        }
    ]


async def test_a_score_is_told_to_the_last_bit() -> None:
    explanation = ScoreExplanation(
        total=(0.1 * 3.0 + 0.7) * 0.9,
        terms=(ScoreTerm("trend", 0.1, 3.0, 0.1 * 3.0), ScoreTerm("fresh", 0.7, 1.0, 0.7)),
        adjustments=(ScoreAdjustment("creator_decay", 0.9, "second of a creator"),),
        rank_by_score=4,
        rank_after_diversity=6,
        recipe="explore-1",
    )
    answer = await execute(
        """{ explore { edges { why { score {
            total rankByScore rankAfterDiversity recipe
            terms { feature value weight contribution } adjustments { stage factor reason }
        } } } } }""",
        {"explore.page": page(feed_item(post_card(), explanation=explanation))},
    )
    assert answer.data["explore"]["edges"][0]["why"]["score"] == {
        "total": (0.1 * 3.0 + 0.7) * 0.9,
        "rankByScore": 4,
        "rankAfterDiversity": 6,
        "recipe": "explore-1",
        "terms": [
            {"feature": "trend", "value": 0.1, "weight": 3.0, "contribution": 0.1 * 3.0},
            {"feature": "fresh", "value": 0.7, "weight": 1.0, "contribution": 0.7},
        ],
        "adjustments": [
            {"stage": "creator_decay", "factor": 0.9, "reason": "second of a creator"}
        ],
    }


async def test_odd_values_of_a_post_never_null_the_page() -> None:
    links = (
        Media("javascript:alert(1)", MediaKind.LINK),
        Media("https://ok.example/x", MediaKind.LINK),
    )
    card = post_card(
        stats=PostStats(likes=2**40, views=2**31), media=links, url="ftp://old.example"
    )
    answer = await execute(
        "{ explore { nodes { url media { url } stats { likes views }"
        " categories { confidence } } } }",
        {"explore.page": page(feed_item(card))},
    )
    assert answer.errors == []
    assert answer.data["explore"]["nodes"] == [
        {
            "url": None,
            "media": [{"url": "https://ok.example/x"}],
            "stats": {"likes": 2**31 - 1, "views": 2**31 - 1},
            "categories": [{"confidence": 0.9}],
        }
    ]


async def test_hashtag_counts_of_a_whole_page_are_one_batch() -> None:
    counted: list[list[str]] = []

    def get_many(names: list[str]) -> list[Any]:
        counted.append(list(names))
        return [HashtagCard(name, len(name)) for name in names]

    answer = await execute(
        "{ explore { nodes { hashtags { name postCount } } } }",
        {
            "explore.page": page(feed_item(post_card("p1")), feed_item(post_card("p2"), 1)),
            "hashtags.get_many": get_many,
        },
    )
    tags = [{"name": "trams", "postCount": 5}, {"name": "dawn", "postCount": 4}]
    assert answer.data == {"explore": {"nodes": [{"hashtags": tags}, {"hashtags": tags}]}}
    assert counted == [["trams", "dawn"]]


async def test_a_mistake_names_its_field_and_nulls_no_other_one() -> None:
    mistake = InvalidInput("first is 1 to 50", field="first")
    answer = await execute(
        '{ category(slug: "cities") { slug posts(first: 99) { nodes { id } } } viewer { id } }',
        {"categories.get": CITIES, "categories.posts": mistake},
        viewer_id="eve",
    )
    assert answer.data == {"category": None, "viewer": {"id": "eve"}}
    assert answer.errors == [(["category", "posts"], mistake)]
