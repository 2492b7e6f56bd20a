"""What classifying posts costs with the shipped models: posts per second of CPU, and memory.

Texts alone, in batches of the consumer's size: posts of the demo's people, cut or repeated to the
lengths of a title, of a tweet, and of more than is read. The control is the n-gram models without
the encoder, in the same run.

Pictures of the sizes that hosts send, one after the other: per second of CPU of the process that
looks at them, and its memory, after pictures as large as are read, too. The control is reading a
picture without showing it to the network.
"""

import asyncio
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Final

from PIL import Image

from benchmarks._processes import cpu_seconds, megabytes
from demo.world.world import make_world, past_posts
from domain.classification import Material
from ml.classifier import BATCH, Classifier
from ml.models import open_models
from ml.shelf import Shelf
from ml.vision.apart import OpenNsfw
from ml.vision.pictures import read_picture

POSTS: Final = 512
RUNS: Final = 3
GOAL: Final = 100
LENGTHS: Final = {"a title": 60, "a tweet": 140, "more than is read": 2_000}
PICTURES: Final = 40
SIZES: Final = {"a preview": (640, 480), "a screen": (1_920, 1_080), "a camera": (4_096, 3_072)}
LARGEST: Final = (4_096, 2_160)  # but for those of cameras
NOW: Final = 1_790_000_000.0


def main() -> None:
    models, problems = open_models(Shelf())
    for name, why in problems.items():
        print(f"{name} is missing: {why}")
    whole, control = Classifier(models), Classifier(replace(models, encoder=None))
    for kind, length in LENGTHS.items():
        posts = [Material(text=text) for text in texts_of(length, POSTS)]
        rate, of_control = rate_of(whole, posts), rate_of(control, posts)
        print(
            f"{kind:18} {rate:6.0f} posts/s of CPU (goal {GOAL}); "
            f"n-grams alone {of_control:6.0f}, {of_control / rate:.0f} times as many"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    print(f"{'memory at most':18} {peak:6.0f} MB (goal 500)")

    asyncio.run(_pictures())


async def _pictures() -> None:
    vision = OpenNsfw()
    await vision.score(_picture((64, 64), "PNG"))  # loads the network
    print(f"{'pictures, at rest':18} {_memory(vision, 'VmRSS'):6.0f} MB apart")
    for kind, size in SIZES.items():
        content = _picture(size, "JPEG")
        rate, of_control = await _looked_at(vision, content), _read(content)
        print(
            f"{kind:18} {rate:6.0f} pictures/s of CPU ({len(content) / 1_000:.0f} kB); "
            f"reading alone {of_control:6.0f}, {of_control / rate:.0f} times as many"
        )
    for form in ("PNG", "WEBP", "GIF"):
        await vision.score(_picture(LARGEST, form))
    print(f"{'the largest ones':18} {_memory(vision, 'VmHWM'):6.0f} MB apart at most")
    await vision.close()


def _picture(size: tuple[int, int], form: str) -> bytes:
    """Soft colors: neither as small as a plane nor as large as noise."""
    columns = Image.linear_gradient("L").resize(size)
    image = Image.merge(
        "RGB", (columns, columns.rotate(180), Image.radial_gradient("L").resize(size))
    )
    content = BytesIO()
    image.save(content, form)
    return content.getvalue()


async def _looked_at(vision: OpenNsfw, content: bytes) -> float:
    best = float("inf")
    for _ in range(RUNS):
        started = _cpu(vision)
        for _ in range(PICTURES):
            await vision.score(content)
        best = min(best, _cpu(vision) - started)
    return PICTURES / best


def _read(content: bytes) -> float:
    started = time.process_time()
    for _ in range(PICTURES):
        read_picture(content)
    return PICTURES / (time.process_time() - started)


def _cpu(vision: OpenNsfw) -> float:
    return cpu_seconds(vision.process_id or 0)


def _memory(vision: OpenNsfw, figure: str) -> float:
    return megabytes(vision.process_id or 0, figure)


def texts_of(length: int, count: int) -> Sequence[str]:
    """So many posts of the demo's people, each cut or repeated to the length."""
    written = [
        " ".join([one.post.title or "", one.post.content, *one.post.tags])
        for one in past_posts(make_world(), NOW, count)
    ]
    return [(text * (length // len(text) + 1))[:length] for text in written]


def rate_of(classifier: Classifier, posts: Sequence[Material]) -> float:
    """Posts a second of this process's CPU time, the best of some runs."""
    best = float("inf")
    for _ in range(RUNS):
        started = time.process_time()
        for first in range(0, len(posts), BATCH):
            classifier.classify(posts[first : first + BATCH])
        best = min(best, time.process_time() - started)
    return len(posts) / best
