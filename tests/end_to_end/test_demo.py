"""A newcomer starts the demo, looks around, likes five posts of a kind, and stops it."""

import asyncio
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path

import pytest

from demo.running import find
from domain.events import Event, PostIngested
from domain.identifiers import Kind, encode_global_id
from runtime.clock import SystemClock
from stores.event_codec import EventCodec
from stores.kafka_events import KafkaEvents, KafkaWriter
from tests.end_to_end.running_demo import ROOT, STOP_SECONDS, RunningDemo, alive, demo
from tests.end_to_end.tree import Tree

FIXTURE = ROOT.parent / "shared" / "data" / "fixture"
PATIENCE = 15.0  # seconds until something must have come about
PAUSE = 0.2

CATEGORIES = "{ categories(first: 100) { totalCount nodes { slug name } } }"
CATEGORY = """
query ($slug: String!) { category(slug: $slug) { posts(first: 20) { edges {
  impressionToken node { id title text creator { id } stats { likes } } } } } }"""
EXPLORE = """
query ($after: String) { explore(first: 20, after: $after) {
  feed { freshness degradedSources }
  edges { position source node { id creator { id } categories { category { slug } } } }
  pageInfo { hasNextPage endCursor } } }"""
LIKE = """
mutation ($post: ID!, $token: String) {
  trackInteraction(input: {target: {postId: $post}, action: LIKE, impressionToken: $token}) {
    recorded userErrors { code message } } }"""
INTERESTS = "{ viewer { id interests { maturity topics { strength category { slug } } } } }"
NODE = """
query ($id: ID!) { node(id: $id) { ... on Post { stats { likes } viewerState { hasLiked } } } }"""
TEXTS = "{ trending(first: 20, window: WEEK) { nodes { id title text } } }"
TRENDING = "{ trending(first: 20, window: WEEK) { edges { rank score node { id } } } }"
SEARCH = (
    "query ($text: String!) { search(query: $text) { edges { node { ... on Post { id } } } } }"
)

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningDemo]:
    arguments = ("--data", str(FIXTURE)) if FIXTURE.is_dir() else ()
    with demo(
        tmp_path_factory.mktemp("demo"), "--ephemeral", "--no-simulator", *arguments
    ) as started:
        yield started


def test_lists_have_real_content(running: RunningDemo) -> None:
    page = running.ask(EXPLORE)["explore"]
    assert page["feed"].plain == {"freshness": "LIVE", "degradedSources": []}
    assert [edge["position"].plain for edge in page["edges"]] == list(range(20))
    creators = [edge["node"]["creator"]["id"].text for edge in page["edges"]]
    assert max(map(creators.count, creators)) <= 2
    trending = running.ask(TRENDING)["trending"]["edges"]
    assert [edge["rank"].plain for edge in trending] == list(range(1, 21))
    scores = [edge["score"].number for edge in trending]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0.0


def test_pages_of_a_session_repeat_nothing(running: RunningDemo) -> None:
    token = running.token("reader")
    seen: list[str] = []
    after: str | None = None
    for _ in range(5):
        page = running.ask(EXPLORE, {"after": after}, token)["explore"]
        seen += [edge["node"]["id"].text for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"].text
    assert len(seen) == len(set(seen)) == 100


def test_the_feed_follows_whoever_likes_five_posts_of_a_category(running: RunningDemo) -> None:
    token = running.token("newcomer")
    before = running.ask(EXPLORE, token=token)["explore"]["edges"]
    slug, liked = _least_shown(running, token, before)
    for edge in liked:
        post = {"post": edge["node"]["id"].text, "token": edge["impressionToken"].text}
        tracked = running.ask(LIKE, post, token)
        assert tracked.plain == {"trackInteraction": {"recorded": True, "userErrors": []}}
    first = liked[0]["node"]
    wanted = {"id": first["id"].text}
    state = running.ask(NODE, wanted, token)["node"]["viewerState"]
    assert state.plain == {"hasLiked": True}
    _soon(lambda: slug in _topics(running, token))
    _soon(
        lambda: (
            _share(running.ask(EXPLORE, token=token)["explore"]["edges"], slug)
            > _share(before, slug)
        )
    )
    shown = running.ask(EXPLORE, token=token)["explore"]["edges"]
    assert not _ids(liked) & _ids(shown)
    likes = first["stats"]["likes"].number
    _soon(lambda: running.ask(NODE, wanted)["node"]["stats"]["likes"].number == likes + 1)


def test_search_finds_a_post_by_its_words(running: RunningDemo) -> None:
    texts = {
        node["id"].text: str(node["title"].plain or node["text"].plain)
        for node in running.ask(TEXTS)["trending"]["nodes"]
    }
    post, words = next((id_, text) for id_, text in texts.items() if text.isascii())
    found = running.ask(SEARCH, {"text": words[:60]})["search"]["edges"]
    assert post in _ids(found)


def test_a_post_that_nobody_judged_is_classified_and_then_found(running: RunningDemo) -> None:
    at = round(SystemClock().now() * 1_000)
    texts = {
        "mine-calm": "An owl sat on the quincunx mill all morning.",
        "mine-spam": "WINNER! Claim your free quincunx cash prize now, call 09061701461!",
    }
    posts = [
        PostIngested(post_id=post_id, author_id="newcomer", content=text, created_at=at)
        for post_id, text in texts.items()
    ]
    asyncio.run(_publish(find(running.port).settings["EXPLORE_KAFKA_BOOTSTRAP"], posts))
    wanted = {"text": "quincunx"}
    found = encode_global_id(Kind.POST, "mine-calm")
    _soon(lambda: _ids(running.ask(SEARCH, wanted)["search"]["edges"]) == {found})


async def _publish(bootstrap: str, events: Sequence[Event]) -> None:
    writer = KafkaWriter(bootstrap, timeout=PATIENCE, idempotent=False)
    try:
        await KafkaEvents(writer, EventCodec()).publish(events)
    finally:
        await writer.close()


def test_a_wrong_token_is_refused_and_never_anonymous(running: RunningDemo) -> None:
    answer = running.client.post(
        "/graphql", json={"query": CATEGORIES}, headers={"authorization": "Bearer nonsense"}
    )
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_it_stops_in_time_and_leaves_no_process(running: RunningDemo) -> None:
    family = running.family()
    assert len(family) >= 6  # supervisor, four engines, API and consumers at the least
    began = time.monotonic()
    assert running.stop() == 0
    assert time.monotonic() - began <= STOP_SECONDS
    assert alive(family) == set()


def _least_shown(running: RunningDemo, token: str, before: Tree) -> tuple[str, list[Tree]]:
    """The category with a full page that was shown least, and five of its posts."""
    found: list[tuple[int, str, list[Tree]]] = []
    for category in running.ask(CATEGORIES)["categories"]["nodes"]:
        slug = category["slug"].text
        offered = running.ask(CATEGORY, {"slug": slug}, token)["category"]["posts"]["edges"]
        if len(offered) == 20:
            found.append((_share(before, slug), slug, offered.items[:5]))
    _, slug, posts = min(found, key=lambda each: each[:2])
    return slug, posts


def _topics(running: RunningDemo, token: str) -> set[str]:
    topics = running.ask(INTERESTS, token=token)["viewer"]["interests"]["topics"]
    return {topic["category"]["slug"].text for topic in topics if topic["strength"].number > 0.0}


def _ids(edges: Iterable[Tree]) -> set[str]:
    return {edge["node"]["id"].text for edge in edges}


def _share(edges: Iterable[Tree], slug: str) -> int:
    """How many of the posts are of a category."""
    return sum(
        slug in {entry["category"]["slug"].text for entry in edge["node"]["categories"]}
        for edge in edges
    )


def _soon(holds: Callable[[], bool]) -> None:
    """Ask until it holds: consumers tell nobody when they are done."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(PAUSE)


def test_the_folder_of_the_fixture_is_only_read() -> None:
    if not FIXTURE.is_dir():
        pytest.skip("the shared data are not here")
    names = {path.name for path in Path(FIXTURE).iterdir()}
    assert all(name.endswith(".gz") for name in names)
