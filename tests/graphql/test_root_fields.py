"""Each root field asks one use case, with the contract's defaults, and converts its answer."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from domain.categories import CategoryRecord
from domain.errors import NotAllowed, Unavailable
from domain.identifiers import Kind, encode_global_id
from domain.moderation import ReviewStatus, SafetyReason
from domain.trending import Window
from domain.viewer import ContentSettings, InterestState
from services.inputs import ModerationFilter, SearchFilter, TrendingScope
from services.pages import (
    CategoryItem,
    CreatorItem,
    HashtagCard,
    HashtagItem,
    ReasonCard,
    SearchItem,
    SearchType,
    SuggestionItem,
)
from services.views import (
    CreatorInterest,
    HashtagInterest,
    InterestsView,
    ModerationCaseItem,
    ProfileMaturity,
    TopicInterest,
    WhyNotCheck,
    WhyNotView,
)
from tests.graphql.cards import (
    CITIES,
    NOON,
    case_view,
    creator_card,
    feed_item,
    page,
    post_card,
    trending_item,
)
from tests.graphql.scripted import Call, execute

POST = encode_global_id(Kind.POST, "p1")
REASON = ReasonCard(feed_item(post_card()).reasons[0].code, "Rising", creator=creator_card("bo"))
PAGE_INFO = "pageInfo { hasNextPage startCursor }"
CURSORS = {"hasNextPage": False, "startCursor": "c1"}


@dataclass(frozen=True)
class Case:
    """A selection of one root field, the answer of its use case, and the field's data."""

    query: str
    answers: dict[str, Any]
    data: Any
    named: dict[str, object] = field(default_factory=dict[str, object])
    positional: tuple[object, ...] = ()


CASES = {
    "explore": Case(
        "{ it: explore(first: null) { nodes { title } } }",
        {"explore.page": page(feed_item(post_card()))},
        {"nodes": [{"title": "Title of p1"}]},
        {"first": 20, "after": None, "region": None},
    ),
    "trending": Case(
        "{ it: trending(window: null) { edges { rank rankChange score impressionToken"
        " node { id } } feed { freshness } } }",
        {"trending.page": page(trending_item(post_card(), 1, rank_change=3))},
        {
            "edges": [
                {
                    "rank": 1,
                    "rankChange": 3,
                    "score": 7.5,
                    "impressionToken": "token-p1",
                    "node": {"id": POST},
                }
            ],
            "feed": {"freshness": "LIVE"},
        },
        {"first": 20, "after": None, "window": Window.DAY, "scope": TrendingScope()},
    ),
    "trending in a scope": Case(
        '{ it: trending(first: 3, after: "x", window: WEEK, scope: {hashtag: "trams"})'
        " { nodes { id } } }",
        {"trending.page": page()},
        {"nodes": []},
        {
            "first": 3,
            "after": "x",
            "window": Window.WEEK,
            "scope": TrendingScope(hashtag="trams"),
        },
    ),
    "categories": Case(
        f"{{ it: categories {{ nodes {{ slug iconUrl displayOrder }} {PAGE_INFO} totalCount }} }}",
        {"categories.page": page(CategoryItem(CITIES, "c1"), total=9)},
        {
            "nodes": [
                {
                    "slug": "cities",
                    "iconUrl": "https://icons.example/cities.svg",
                    "displayOrder": 2,
                }
            ],
            "pageInfo": CURSORS,
            "totalCount": 9,
        },
        {"first": 50, "after": None},
    ),
    "category": Case(
        '{ it: category(slug: "cities") { name } }',
        {"categories.get": CITIES},
        {"name": "Cities"},
        positional=("cities",),
    ),
    "an unknown category": Case(
        '{ it: category(slug: "no") { name } }', {"categories.get": None}, None, positional=("no",)
    ),
    "creators": Case(
        '{ it: creators(category: "cities") { edges { node { handle } reason { code message'
        f" creator {{ handle }} category {{ slug }} hashtag {{ name }} }} }} {PAGE_INFO} }} }}",
        {"creators.recommended": page(CreatorItem(creator_card(), REASON, "c1"))},
        {
            "edges": [
                {
                    "node": {"handle": "ada.writes"},
                    "reason": {
                        "code": "TRENDING_NOW",
                        "message": "Rising",
                        "creator": {"handle": "bo.writes"},
                        "category": None,
                        "hashtag": None,
                    },
                }
            ],
            "pageInfo": CURSORS,
        },
        {"first": 10, "after": None, "category": "cities"},
    ),
    "creator": Case(
        '{ it: creator(handle: "ada.writes") { displayName followerCount postCount } }',
        {"creators.by_handle": creator_card()},
        {"displayName": "Ada", "followerCount": 12, "postCount": 3},
        positional=("ada.writes",),
    ),
    "hashtag": Case(
        '{ it: hashtag(name: "#Trams") { id name postCount } }',
        {"hashtags.get": HashtagCard("trams", 4)},
        {"id": encode_global_id(Kind.HASHTAG, "trams"), "name": "trams", "postCount": 4},
        positional=("#Trams",),
    ),
    "trendingHashtags": Case(
        f'{{ it: trendingHashtags(window: HOUR, region: "DE") {{ edges {{ rank people lift'
        f" node {{ name postCount }} }} {PAGE_INFO} }} }}",
        {"hashtags.trending": page(HashtagItem(HashtagCard("trams", 4), 1, 6, 2.5, "c1"))},
        {
            "edges": [
                {"rank": 1, "people": 6, "lift": 2.5, "node": {"name": "trams", "postCount": 4}}
            ],
            "pageInfo": CURSORS,
        },
        {"first": 20, "after": None, "window": Window.HOUR, "region": "DE"},
    ),
    "search": Case(
        '{ it: search(query: "tram", filter: {since: "2026-11-18T12:06:40+01:00"}) { totalCount'
        " edges { highlights impressionToken node { __typename ... on Post { title }"
        " ... on Creator { handle } ... on Hashtag { name } } } } }",
        {
            "search.search": page(
                SearchItem(post_card(), ("a <mark>tram</mark>",), "t", "c1"),
                SearchItem(creator_card(), (), None, "c2"),
                SearchItem(HashtagCard("trams", 4), (), None, "c3"),
            )
        },
        {
            "totalCount": None,
            "edges": [
                {
                    "highlights": ["a <mark>tram</mark>"],
                    "impressionToken": "t",
                    "node": {"__typename": "Post", "title": "Title of p1"},
                },
                {
                    "highlights": [],
                    "impressionToken": None,
                    "node": {"__typename": "Creator", "handle": "ada.writes"},
                },
                {
                    "highlights": [],
                    "impressionToken": None,
                    "node": {"__typename": "Hashtag", "name": "trams"},
                },
            ],
        },
        {
            "query": "tram",
            "type": SearchType.POSTS,
            "first": 20,
            "after": None,
            "filter": SearchFilter(since=NOON),
        },
    ),
    "suggest": Case(
        '{ it: suggest(prefix: "tr") { text type } }',
        {"search.suggest": (SuggestionItem("trams", SearchType.HASHTAGS),)},
        [{"text": "trams", "type": "HASHTAGS"}],
        {"prefix": "tr", "first": 8},
    ),
    "moderationQueue": Case(
        "{ it: moderationQueue(filter: {statuses: [ESCALATED], reasons: [SPAM]}) { totalCount"
        " nodes { status wouldTrend createdAt scores { spam nsfw } history { actor }"
        " reported { at reason note }"
        " post { id } } } }",
        {"moderation.queue": page(ModerationCaseItem(case_view(post_card()), "c1"), total=1)},
        {
            "totalCount": 1,
            "nodes": [
                {
                    "status": "PENDING_REVIEW",
                    "wouldTrend": True,
                    "createdAt": "2026-11-18T11:06:40Z",
                    "scores": {"spam": 0.6, "nsfw": None},
                    "history": [],
                    "reported": [
                        {"at": "2026-11-18T11:06:40Z", "reason": "SPAM", "note": "an ad"}
                    ],
                    "post": {"id": POST},
                }
            ],
        },
        {
            "first": 20,
            "after": None,
            "filter": ModerationFilter((ReviewStatus.ESCALATED,), (SafetyReason.SPAM,)),
        },
    ),
    "whyNot": Case(
        '{ it: whyNot(postId: "x", viewerId: "eve") { eligible verdict'
        " checks { stage passed detail } } }",
        {"moderation.why_not": WhyNotView(False, "Muted.", (WhyNotCheck("mutes", False, "w"),))},
        {
            "eligible": False,
            "verdict": "Muted.",
            "checks": [{"stage": "mutes", "passed": False, "detail": "w"}],
        },
        positional=("x", "eve"),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_a_root_field_asks_one_use_case(case: Case) -> None:
    answer = await execute(case.query, case.answers)
    assert answer.errors == []
    assert answer.data == {"it": case.data}
    assert answer.calls == [Call(next(iter(case.answers)), case.positional, case.named)]


NESTED = {
    "Category.posts": (
        '{ it: category(slug: "cities") { posts { nodes { id } feed { requestId } } } }',
        {"categories.get": CITIES, "categories.posts": page(feed_item(post_card()))},
        {"posts": {"nodes": [{"id": POST}], "feed": {"requestId": "r-1"}}},
        Call("categories.posts", ("cities",), {"first": 20, "after": None}),
    ),
    "Category.creators": (
        '{ it: category(slug: "cities") { creators { nodes { handle } } } }',
        {
            "categories.get": CITIES,
            "categories.creators": page(CreatorItem(creator_card(), REASON, "c1")),
        },
        {"creators": {"nodes": [{"handle": "ada.writes"}]}},
        Call("categories.creators", ("cities",), {"first": 10, "after": None}),
    ),
    "Creator.posts": (
        '{ it: creator(handle: "a") { posts(first: 5, after: "c") { nodes { id } } } }',
        {"creators.by_handle": creator_card(), "creators.posts": page(feed_item(post_card()))},
        {"posts": {"nodes": [{"id": POST}]}},
        Call("creators.posts", ("ada",), {"first": 5, "after": "c"}),
    ),
    "Hashtag.posts": (
        '{ it: hashtag(name: "trams") { posts { edges { rank } } } }',
        {
            "hashtags.get": HashtagCard("trams", 4),
            "hashtags.posts": page(trending_item(post_card(), 1)),
        },
        {"posts": {"edges": [{"rank": 1}]}},
        Call("hashtags.posts", ("trams",), {"first": 20, "after": None, "window": Window.DAY}),
    ),
    "Post.related": (
        f'{{ it: node(id: "{POST}") {{ ... on Post {{ related {{ edges {{ cursor }} }} }} }} }}',
        {"nodes.get_many": [post_card()], "related.page": page(feed_item(post_card("p2")))},
        {"related": {"edges": [{"cursor": "cursor-0"}]}},
        Call("related.page", ("p1",), {"first": 10, "after": None}),
    ),
}


@pytest.mark.parametrize(("query", "answers", "data", "call"), NESTED.values(), ids=NESTED.keys())
async def test_a_list_on_an_object_asks_one_use_case_more(
    query: str, answers: dict[str, Any], data: object, call: Call
) -> None:
    answer = await execute(query, answers)
    assert answer.errors == []
    assert answer.data == {"it": data}
    assert answer.calls[1:] == [call]


async def test_the_viewer_has_interests_and_settings() -> None:
    interests = InterestsView(
        maturity=ProfileMaturity.WARMING,
        topics=(TopicInterest(CITIES, 0.5, InterestState.CHOSEN),),
        creators=(CreatorInterest(creator_card(), -0.25, InterestState.MUTED),),
        hashtags=(HashtagInterest(HashtagCard("trams", 4), 0.125, InterestState.LEARNED),),
        updated_at=NOON,
    )
    answer = await execute(
        """{ viewer { id
            interests { maturity updatedAt
                topics { category { slug } strength state }
                creators { creator { handle } strength state }
                hashtags { hashtag { name } strength state } }
            settings { showSensitive languages region mutedKeywords } } }""",
        {
            "viewer.interests": interests,
            "viewer.settings": ContentSettings(True, ("de",), "DE", ("ads",)),
        },
        viewer_id="eve",
    )
    assert answer.data == {
        "viewer": {
            "id": "eve",
            "interests": {
                "maturity": "WARMING",
                "updatedAt": "2026-11-18T11:06:40Z",
                "topics": [{"category": {"slug": "cities"}, "strength": 0.5, "state": "CHOSEN"}],
                "creators": [
                    {"creator": {"handle": "ada.writes"}, "strength": -0.25, "state": "MUTED"}
                ],
                "hashtags": [
                    {"hashtag": {"name": "trams"}, "strength": 0.125, "state": "LEARNED"}
                ],
            },
            "settings": {
                "showSensitive": True,
                "languages": ["de"],
                "region": "DE",
                "mutedKeywords": ["ads"],
            },
        }
    }


async def test_an_anonymous_caller_is_no_viewer_and_costs_no_call() -> None:
    answer = await execute(
        "{ viewer { id } rateLimit { limit cost remaining resetAt } }", viewer_id=None
    )
    assert answer.data == {
        "viewer": None,
        "rateLimit": {
            "limit": 30,
            "cost": 1,
            "remaining": 29,
            "resetAt": "2026-11-18T11:06:42Z",
        },
    }
    assert answer.calls == []


@pytest.mark.parametrize("raised", [NotAllowed("moderators only"), Unavailable("postgres")])
async def test_a_required_root_field_that_fails_nulls_all_data(raised: Exception) -> None:
    answer = await execute(
        "{ moderationQueue { totalCount } viewer { id } }", {"moderation.queue": raised}
    )
    assert answer.data is None
    assert answer.errors == [(["moderationQueue"], raised)]


async def test_nodes_come_in_the_order_asked_and_from_one_batch() -> None:
    cards: dict[str, Any] = {
        "1": post_card(),
        "2": creator_card(),
        "3": CategoryRecord(slug="cities", name="Cities"),
        "4": HashtagCard("trams", 4),
        "5": case_view(post_card()),
    }

    def get_many(ids: list[str]) -> list[Any]:
        return [cards.get(one) for one in ids]

    answer = await execute(
        """{ nodes(ids: ["5", "4", "gone", "3", "2", "1"]) { __typename id }
             node(id: "2") { ... on Creator { handle } } }""",
        {"nodes.get_many": get_many},
    )
    assert answer.errors == []
    assert answer.data == {
        "nodes": [
            {"__typename": "ModerationCase", "id": encode_global_id(Kind.MODERATION_CASE, "p1")},
            {"__typename": "Hashtag", "id": encode_global_id(Kind.HASHTAG, "trams")},
            None,
            {"__typename": "Category", "id": encode_global_id(Kind.CATEGORY, "cities")},
            {"__typename": "Creator", "id": encode_global_id(Kind.CREATOR, "ada")},
            {"__typename": "Post", "id": POST},
        ],
        "node": {"handle": "ada.writes"},
    }
    assert answer.calls == [Call("nodes.get_many", (["5", "4", "gone", "3", "2", "1"],), {})]


async def test_a_hundred_nodes_are_enough() -> None:
    answer = await execute(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables={"ids": ["x"] * 101}
    )
    ((path, error),) = answer.errors
    assert answer.data is None
    assert (path, str(error)) == (["nodes"], "At most 100 ids at a time.")
    assert answer.calls == []
