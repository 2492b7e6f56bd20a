"""``classify`` with pictures: real ones, from a real host, seen by the real network.

The higher score of words and pictures holds; a picture that has none changes nothing; one that
cannot be had now is waited for once; and pictures without words are a person's to judge.
"""

from pathlib import Path

import msgspec
import pytest

from domain.events import Decision
from domain.moderation import REVIEW_BAND, ReviewStatus
from tests.consumers.classify_world import CALM, NAMES, World, post
from tests.hostile_pictures import HTML, SVG, bomb, doubtful, drawing
from tests.picture_server import PictureServer

pytestmark = pytest.mark.integration

BUSY = "503 Service Unavailable"


async def words_alone(world: World) -> float:
    """The NSFW score of the calm text by itself."""
    (said,) = await world.tell(post(CALM, "words-alone"))
    assert said.nsfw_score is not None
    return said.nsfw_score


async def test_the_worst_of_words_and_pictures_holds(seeing: World, server: PictureServer) -> None:
    words = await words_alone(seeing)
    harmless = server.give("/a.png", drawing())
    doubted = server.give("/b.png", doubtful())
    calm, worst = await seeing.tell(
        post(CALM, media=[harmless]), post(CALM, "q", media=[harmless, doubted])
    )
    assert calm.nsfw_score is not None
    assert words <= calm.nsfw_score < 0.05
    assert worst.nsfw_score is not None
    assert REVIEW_BAND[0] < worst.nsfw_score < REVIEW_BAND[1]
    assert worst.decision is Decision.NONE
    assert set(worst.models or ()) == {*NAMES, "nsfw_image"}
    await seeing.obey(calm, worst)
    assert (await seeing.record()).recommendable
    assert (await seeing.record("q")).status is ReviewStatus.PENDING_REVIEW


async def test_pictures_of_other_hosts_are_as_if_they_were_not_there(
    seeing: World, server: PictureServer
) -> None:
    server.give("/b.png", doubtful())
    words = await words_alone(seeing)
    for host in (f"localhost:{server.port}", "img.example", "169.254.169.254"):
        (said,) = await seeing.tell(post(CALM, host[:5], media=[f"http://{host}/b.png"]))
        assert said.nsfw_score == words
        assert set(said.models or ()) == set(NAMES)
    assert server.connections == 0


async def test_without_hosts_no_picture_is_looked_at(world: World, server: PictureServer) -> None:
    words = await words_alone(world)
    (said,) = await world.tell(post(CALM, media=[server.give("/b.png", doubtful())]))
    assert said.nsfw_score == words
    assert server.connections == 0
    assert world.vision.process_id is None
    assert not world.metric('explore_models_usable{model="nsfw_image"} 1.0')


async def test_hostile_pictures_leave_the_score_of_the_words(
    seeing: World, server: PictureServer
) -> None:
    words = await words_alone(seeing)
    contents = {
        "svg": SVG,
        "html": HTML,
        "empty": b"",
        "cut": drawing()[:2_000],
        "bomb": bomb(20_000, 20_000),
    }
    addresses = {name: server.give(f"/{name}.png", content) for name, content in contents.items()}
    addresses["away"] = server.redirect("/away.png", "http://169.254.169.254/latest/meta-data")
    addresses["gone"] = server.give("/gone.png", b"", "404 Not Found")
    said = await seeing.tell(
        *(post(CALM, name, media=[address]) for name, address in addresses.items())
    )
    assert [one.post_id for one in said] == list(addresses)
    assert {one.nsfw_score for one in said} == {words}
    assert server.connections == len(addresses)
    assert seeing.metric('explore_images_classified_total{result="pixels"} 1.0')
    assert seeing.metric('explore_images_classified_total{result="redirect"} 1.0')


async def test_a_host_that_hangs_holds_back_its_posts_alone_and_not_for_ever(
    seeing: World, server: PictureServer
) -> None:
    held, calm = post(CALM, media=[server.hang("/a.png")]), post(CALM, "q")
    assert [one.post_id for one in await seeing.tell(held, calm)] == ["q"]
    assert (await seeing.record()).status is ReviewStatus.UNCLASSIFIED
    assert seeing.metric('explore_posts_classified_total{result="held"} 1.0')
    seeing.clock.advance(1e9)  # the row was written by PostgreSQL's clock
    await seeing.handler.catch_up()
    (said,) = seeing.said()  # its words are judged without the picture
    assert said.post_id == "p"
    assert set(said.models or ()) == set(NAMES)
    await seeing.handler.catch_up()
    assert seeing.said() == []


async def test_a_picture_that_was_away_for_a_moment_counts(
    seeing: World, server: PictureServer
) -> None:
    address = server.give("/a.png", b"", BUSY)
    assert await seeing.tell(post(CALM, media=[address])) == []
    server.give("/a.png", doubtful())
    seeing.clock.advance(1e9)
    await seeing.handler.catch_up()
    (said,) = seeing.said()
    assert said.nsfw_score is not None
    assert said.nsfw_score > REVIEW_BAND[0]


async def test_an_edited_post_is_not_held_back(seeing: World, server: PictureServer) -> None:
    """It has the scores of its old words: to wait would leave the new ones unjudged."""
    await seeing.obey(*await seeing.tell(post(CALM)))
    address = server.give("/a.png", b"", BUSY)
    (said,) = await seeing.tell(post(f"{CALM} again", media=[address]))
    assert set(said.models or ()) == set(NAMES)


async def test_another_picture_is_another_post_to_judge(
    seeing: World, server: PictureServer
) -> None:
    harmless = server.give("/a.png", drawing())
    doubted = server.give("/b.png", doubtful())
    await seeing.obey(*await seeing.tell(post(CALM, media=[harmless])))
    assert await seeing.tell(post(CALM, media=[harmless])) == []
    await seeing.obey(*await seeing.tell(post(CALM, media=[doubted])))
    assert (await seeing.record()).status is ReviewStatus.PENDING_REVIEW


async def test_a_doubtful_picture_without_words_goes_to_people(
    seeing: World, server: PictureServer
) -> None:
    harmless = server.give("/a.png", drawing())
    doubted = server.give("/b.png", doubtful())
    (said,) = await seeing.tell(post("", media=[harmless]), post("", "q", media=[doubted]))
    assert (said.post_id, said.decision) == ("q", Decision.REVIEW)
    assert (said.spam_score, said.toxicity_score) == (None, None)
    await seeing.obey(said)
    assert (await seeing.record()).status is ReviewStatus.UNCLASSIFIED
    assert (await seeing.record("q")).status is ReviewStatus.PENDING_REVIEW
    assert not (await seeing.record("q")).recommendable


async def test_what_its_producer_marks_is_not_fetched(
    seeing: World, server: PictureServer
) -> None:
    marked = msgspec.structs.replace(
        post(CALM, media=[server.give("/a.png", drawing())]), nsfw=True
    )
    (said,) = await seeing.tell(marked)
    assert said.nsfw_score == 1.0
    assert server.connections == 0


async def test_without_the_network_posts_with_pictures_wait_and_an_alarm_says_so(
    seeing: World, server: PictureServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ml.vision.weights.PACKAGES", ("no_such_package",))
    address = server.give("/a.png", drawing())
    said = await seeing.tell(post(CALM, media=[address]), post(CALM, "q"))
    assert [one.post_id for one in said] == ["q"]
    assert server.connections == 0
    assert seeing.metric('explore_models_usable{model="nsfw_image"} 0.0')
    seeing.clock.advance(1e9)
    await seeing.handler.catch_up()
    assert seeing.said() == []
    assert (await seeing.record()).status is ReviewStatus.UNCLASSIFIED


async def test_the_network_is_one_of_the_models_that_speak(
    seeing: World, world: World, shelf: Path
) -> None:
    await seeing.models.opened()
    await world.models.opened()
    assert seeing.models.source != world.models.source
    assert seeing.metric('explore_models_usable{model="nsfw_image"} 1.0')
