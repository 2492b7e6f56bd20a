"""Many posts' pictures: a few of each, a few at a time, and whoever hangs keeps nobody waiting."""

import asyncio
from collections.abc import Sequence

import pytest
from prometheus_client import generate_latest

from consumers.images.fetching import Fetching
from consumers.images.media_hosts import MediaHosts
from consumers.images.post_images import AT_A_TIME, OF_A_HOST, PostImages
from domain.images import ImageRefused, Refusal, Sight
from domain.posts import Media, MediaKind
from runtime.metrics import Metrics
from tests.picture_server import PictureServer, picture_server

pytestmark = pytest.mark.integration


class ByBytes:
    """A picture's score is its text; counts how many it is asked about at once."""

    version = "by-bytes"

    def __init__(self) -> None:
        self.asked = 0
        self.at_once = 0
        self.most_at_once = 0

    async def score(self, content: bytes) -> float:
        self.asked += 1
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        try:
            return float(content)
        except ValueError:
            raise ImageRefused(Refusal.FORMAT) from None


class Looking:
    def __init__(self, *hosts: str, patience: float = 5.0, of_one: float = 5.0) -> None:
        allowed = MediaHosts(hosts)
        self.classifier = ByBytes()
        self.metrics = Metrics.create()
        fetching = Fetching(allowed, patience=of_one)
        self.images = PostImages(allowed, fetching, self.classifier, self.metrics, patience)

    async def look(self, *posts: Sequence[str]) -> list[Sight]:
        return await self.images.look(posts)

    def wanted(self, *urls: str, kind: MediaKind = MediaKind.IMAGE) -> tuple[str, ...]:
        return self.images.wanted([Media(url, kind) for url in urls])

    def metric(self, line: str) -> bool:
        return line in generate_latest(self.metrics.registry).decode().splitlines()


def test_the_first_four_on_allowed_hosts_are_wanted() -> None:
    looking = Looking("img.example")
    ours = [f"https://img.example/{number}.jpg" for number in range(6)]
    foreign = "https://other.example/a.jpg"
    assert looking.wanted(foreign, ours[0], ours[0], *ours) == tuple(ours[:4])
    assert looking.wanted(ours[0], kind=MediaKind.VIDEO) == ()
    assert looking.wanted(ours[0], kind=MediaKind.LINK) == (ours[0],)
    assert Looking().wanted(*ours) == ()


async def test_the_worst_picture_of_each_post_counts(server: PictureServer) -> None:
    looking = Looking(server.host)
    low, high = server.give("/low", b"0.1"), server.give("/high", b"0.9")
    odd, gone = server.give("/odd", b"<svg>"), server.give("/gone", b"", "404 Gone")
    seen = await looking.look([low, high], [], [low], [odd, gone], [odd, low], [high])
    scores = [0.9, None, 0.1, None, 0.1, 0.9]
    assert seen == [Sight(score) for score in scores]
    assert server.connections == 4  # what two posts show is looked at once
    assert looking.metric('explore_images_classified_total{result="scored"} 2.0')
    assert looking.metric('explore_images_classified_total{result="format"} 1.0')
    assert looking.metric('explore_images_classified_total{result="absent"} 1.0')


async def test_what_fails_now_may_be_had_again(server: PictureServer) -> None:
    looking = Looking(server.host)
    low, failing = server.give("/low", b"0.1"), server.give("/no", b"", "503 Busy")
    assert await looking.look([low, failing], [failing]) == [
        Sight(0.1, again=True),
        Sight(again=True),
    ]
    assert looking.metric('explore_images_classified_total{result="failed"} 1.0')


async def test_one_host_that_hangs_keeps_no_other_waiting(server: PictureServer) -> None:
    async with picture_server() as hanging:
        looking = Looking(server.host, hanging.host, patience=1.0)
        silent = [hanging.hang(f"/{number}") for number in range(2 * AT_A_TIME)]
        low = server.give("/low", b"0.1")
        began = asyncio.get_running_loop().time()
        *without, seen = await looking.look(*([one] for one in silent), [low])
        assert asyncio.get_running_loop().time() - began < 4.0
        assert without == [Sight(again=True)] * len(silent)
        assert seen == Sight(0.1)
        assert hanging.connections == OF_A_HOST


async def test_a_host_of_which_all_fails_is_left_alone_for_a_while(
    server: PictureServer,
) -> None:
    looking = Looking(server.host)
    failing = [[server.give(f"/{number}", b"", "503 Busy")] for number in range(20)]
    assert await looking.look(*failing) == [Sight(again=True)] * 20
    asked = server.connections
    assert asked < 2 * 20  # two tries each, had it gone on
    low = server.give("/low", b"0.1")
    assert await looking.look([low]) == [Sight(again=True)]
    assert server.connections == asked
    assert await looking.images.look([[low]], insisting=True) == [Sight(0.1)]


async def test_refusals_are_no_failures_of_a_host(server: PictureServer) -> None:
    looking = Looking(server.host)
    gone = [[server.give(f"/{number}", b"", "404 Not Found")] for number in range(20)]
    assert await looking.look(*gone) == [Sight()] * 20
    assert await looking.look([server.give("/low", b"0.1")]) == [Sight(0.1)]


async def test_few_are_held_at_once(server: PictureServer) -> None:
    looking = Looking(server.host)
    posts = [[server.give(f"/{number}", b"0.5")] for number in range(40)]
    assert await looking.look(*posts) == [Sight(0.5)] * 40
    assert looking.classifier.asked == 40
    assert looking.classifier.most_at_once <= OF_A_HOST
