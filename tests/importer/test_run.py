"""A whole import: what is told, in what order, once only, and what it says meanwhile."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from typing_extensions import override

from domain.errors import Unavailable
from domain.events import Event, PostIngested
from domain.ports.event_publisher import EventPublisher
from importer import backlog, delivery
from importer.backlog import Backlog, ConsumersStandStill
from importer.delivery import Delivery
from importer.display import PlainLines, duration
from importer.progress import Progress, ProgressStore
from importer.run import Import, Wish
from runtime.start import CannotStart
from tests.fakes.clock import FixedClock
from tests.importer.folders import post_line, write_lines

AS_OF = 1_700_000_000.0


class Heard(EventPublisher):
    """Keeps what it is given; away after `batches`."""

    def __init__(self, batches: int = 1_000_000) -> None:
        self.events: list[Event] = []
        self.left = batches

    @override
    async def publish(self, events: Sequence[Event]) -> None:
        if not self.left:
            raise Unavailable("kafka")
        self.left -= 1
        self.events += events


class InMemoryProgress(ProgressStore):
    def __init__(self) -> None:
        self.kept: dict[str, Progress] = {}

    @override
    async def read(self, digest: str) -> Progress | None:
        return self.kept.get(digest)

    @override
    async def write(self, digest: str, progress: Progress) -> None:
        self.kept[digest] = progress


class Stage:
    """One import with everything around it in sight."""

    def __init__(self, progress: InMemoryProgress, batches: int = 1_000_000) -> None:
        self.heard = Heard(batches)
        self.clock = FixedClock()
        self.said = io.StringIO()
        self.bad: list[tuple[str, int, str]] = []
        self.progress = progress
        self.waiting = 0  # records

    async def run(self, wish: Wish) -> bool:
        display = PlainLines(self.clock, self.said)
        waiting = Backlog(self._look, self.clock, display.say)
        work = Import(self.heard, self.progress, waiting, self.clock, display)
        return await work.run(
            wish, lambda path, line, why: self.bad.append((path.name, line, why))
        )

    async def _look(self) -> Mapping[str, int]:
        self.clock.advance(40.0 if self.waiting else 0.0)
        return {"explore-posts": self.waiting}


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "BATCH", 3)
    monkeypatch.setattr(delivery, "PATIENCE", -1.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [post_line(f"t:{n}", f"2024-05-01T12:{n:02}:00Z", likes=n) for n in range(10)]
    write_lines(tmp_path, "posts.jsonl.gz", [*lines[:5], "broken", *lines[5:]])
    return tmp_path


async def test_everything_is_told_and_the_outcome_said(folder: Path) -> None:
    stage = Stage(InMemoryProgress())
    assert await stage.run(Wish(folder=folder, as_of=AS_OF))
    posts = [event for event in stage.heard.events if isinstance(event, PostIngested)]
    assert [post.post_id for post in posts] == [f"t:{n}" for n in range(10)]
    assert posts[-1].created_at == AS_OF * 1_000
    assert stage.bad == [("posts.jsonl.gz", 6, "JSON is malformed: invalid character (byte 0)")]
    said = stage.said.getvalue().splitlines()
    assert said[-1] == (
        "imported 20 facts as 30 events in 0:00; left out: 1 bad rows, "
        "0 rows about posts that are not in the files"
    )


async def test_importing_again_tells_nothing(folder: Path) -> None:
    progress = InMemoryProgress()
    assert await Stage(progress).run(Wish(folder=folder))
    again = Stage(progress)
    assert await again.run(Wish(folder=folder, as_of=AS_OF))
    assert again.heard.events == []
    assert again.said.getvalue() == f"{folder} is imported already: nothing to do\n"


@pytest.mark.parametrize("batches", range(11))
async def test_a_stopped_import_goes_on_where_it_was_and_with_its_shift(
    folder: Path, batches: int
) -> None:
    whole = Stage(InMemoryProgress())
    await whole.run(Wish(folder=folder))
    progress = InMemoryProgress()
    first = Stage(progress, batches)
    try:
        await first.run(Wish(folder=folder))
    except Unavailable:
        second = Stage(progress)
        second.clock.advance(86_400.0 if progress.kept else 0.0)
        assert await second.run(Wish(folder=folder))
        assert [*first.heard.events, *second.heard.events] == whole.heard.events
    else:
        assert first.heard.events == whole.heard.events


@pytest.mark.parametrize("change", [{"as_of": AS_OF + 1}, {"shift": False}])
async def test_another_shift_in_the_middle_is_refused(
    folder: Path, change: dict[str, object]
) -> None:
    progress = InMemoryProgress()
    with pytest.raises(Unavailable):
        await Stage(progress, batches=2).run(Wish(folder=folder, as_of=AS_OF))
    other = Stage(progress)
    with pytest.raises(CannotStart, match="was begun with another shift of time"):
        await other.run(Wish(folder=folder, **change))  # pyright: ignore[reportArgumentType] - of either field
    assert other.heard.events == []


async def test_consumers_that_stand_still_at_the_end_do_not_undo_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "LOOK_EVERY", 0.0)
    stage = Stage(InMemoryProgress())
    stage.waiting = 7
    assert await stage.run(Wish(folder=folder))
    assert (
        "all is told, but no consumer moved for 60 s; records waiting: explore-posts 7"
        in stage.said.getvalue()
    )


async def test_a_folder_of_bad_rows_alone_is_nothing_imported(tmp_path: Path) -> None:
    write_lines(tmp_path, "posts.jsonl.gz", ["broken"])
    stage = Stage(InMemoryProgress())
    assert not await stage.run(Wish(folder=tmp_path))
    assert stage.said.getvalue() == "nothing imported: 1 bad rows and no good one\n"
    assert stage.progress.kept == {}


async def test_a_rate_is_kept() -> None:
    clock = FixedClock()
    heard = Heard()
    sizes: list[int] = []

    async def on_batch(_facts: int, events: int) -> None:
        sizes.append(events)
        clock.advance(1.0)

    async def room() -> None:
        pass

    paced = Delivery(heard, clock, rate=2.0, room=room, on_batch=on_batch)
    events: Sequence[Event] = [PostIngested(post_id="a", author_id="b", content="", created_at=0)]
    await paced.deliver([events] * 5)
    assert sizes == [2, 2, 1]


async def test_consumers_that_stand_still_end_the_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FixedClock()
    monkeypatch.setattr(backlog, "LOOK_EVERY", 0.0)

    async def look() -> Mapping[str, int]:
        clock.advance(50.0)
        return {"explore-posts": 7, "explore-index": 0}

    waiting = Backlog(look, clock, lambda _text: None)
    with pytest.raises(ConsumersStandStill, match="records waiting: explore-posts 7"):
        await waiting.all_done()


async def test_room_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FixedClock()
    monkeypatch.setattr(backlog, "LOOK_EVERY", 0.0)
    seen = iter([backlog.MOST + 1, backlog.MOST + 1, backlog.MOST])

    async def look() -> Mapping[str, int]:
        return {"explore-posts": next(seen)}

    await Backlog(look, clock, lambda _text: None).room()
    assert list(seen) == []


def test_plain_lines_tell_speed_and_time_left() -> None:
    clock = FixedClock()
    said = io.StringIO()
    lines = PlainLines(clock, said)
    lines.advance(0, 1_000, 0)
    clock.advance(5.0)
    lines.advance(250, 1_000, 500)
    assert said.getvalue() == " 25.0%  250 of 1,000  100 events/s  0:15 left\n"


def test_durations() -> None:
    assert [duration(seconds) for seconds in (0.4, 61.0, 3_723.0)] == ["0:00", "1:01", "1:02:03"]
