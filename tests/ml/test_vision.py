"""The network itself, in its process: what it says, and what becomes of a process that fails."""

import os
import signal
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from domain.errors import Unavailable
from domain.images import ImageRefused, Refusal
from domain.moderation import REVIEW_BAND
from ml.artifacts import ModelMissing, ModelRefused
from ml.vision.apart import OpenNsfw
from ml.vision.bands import on_policy_scale
from ml.vision.weights import installed_weights
from tests.hostile_pictures import HTML, bomb, doubtful, drawing, encoded, wide_canvas


@pytest.fixture
async def vision() -> AsyncIterator[OpenNsfw]:
    one = OpenNsfw(patience=20.0)  # other processes may keep the machine busy
    yield one
    await one.close()


async def test_harmless_pictures_score_low_and_each_time_the_same(vision: OpenNsfw) -> None:
    blue = encoded(Image.new("RGB", (300, 200), (40, 120, 200)), "JPEG")
    assert await vision.score(drawing()) < 0.05
    assert await vision.score(blue) < 0.05
    assert await vision.score(drawing()) == await vision.score(drawing())


async def test_of_what_it_is_unsure_people_are_asked(vision: OpenNsfw) -> None:
    assert REVIEW_BAND[0] < await vision.score(doubtful()) < REVIEW_BAND[1]


async def test_refusals_leave_the_process_as_it_was(vision: OpenNsfw) -> None:
    for content in (HTML, b"", drawing()[:2_000], bomb(20_000, 20_000), wide_canvas()):
        with pytest.raises(ImageRefused):
            await vision.score(content)
    assert await vision.score(drawing()) < 0.05


async def test_refusals_say_why(vision: OpenNsfw) -> None:
    with pytest.raises(ImageRefused) as refused:
        await vision.score(bomb(5_000, 5_000))
    assert refused.value.reason is Refusal.PIXELS


async def test_who_takes_too_long_is_killed() -> None:
    hasty = OpenNsfw(patience=0.0)
    for _ in range(2):
        with pytest.raises(Unavailable, match="too slow"):
            await hasty.score(drawing())
        assert hasty.process_id is None
    await hasty.close()


async def test_a_process_that_dies_is_replaced(vision: OpenNsfw) -> None:
    score = await vision.score(drawing())
    first = vision.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    try:
        assert await vision.score(drawing()) == score
    except Unavailable:  # it had not been noticed yet
        assert await vision.score(drawing()) == score
    assert vision.process_id not in (None, first)


async def test_it_is_told_nothing_of_ours(
    vision: OpenNsfw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORE_SECRET", "not for decoders")
    await vision.score(drawing())
    assert b"EXPLORE" not in _environment(vision.process_id)


def test_the_undecided_stretch_lies_on_the_band_for_people() -> None:
    assert on_policy_scale(0.0) == 0.0
    assert on_policy_scale(0.2) == pytest.approx(0.5)
    assert on_policy_scale(0.6) == pytest.approx(0.7)
    assert on_policy_scale(0.8) == pytest.approx(0.8)
    assert on_policy_scale(1.0) == pytest.approx(1.0)
    scale = [on_policy_scale(number / 1_000) for number in range(1_001)]
    assert all(0.0 <= low < high <= 1.0 for low, high in pairwise(scale))


def test_another_file_is_refused() -> None:
    with pytest.raises(ModelRefused, match="not the one expected"):
        installed_weights(expected="0" * 64)


def test_missing_packages_are_a_named_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ml.vision.weights.PACKAGES", ("no_such_package",))
    with pytest.raises(ModelMissing, match="requirements/vision.txt"):
        installed_weights()


def _environment(process_id: int | None) -> bytes:
    shown = Path(f"/proc/{process_id}/environ")
    if not shown.exists():
        pytest.skip("this system does not show a process's environment")
    return shown.read_bytes()
