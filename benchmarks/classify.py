"""What classifying posts costs with the shipped models: posts per second of CPU, and memory.

Texts alone, in batches of the consumer's size: posts of the demo's people, cut or repeated to the
lengths of a title, of a tweet, and of more than is read. The control is the n-gram models without
the encoder, in the same run.
"""

import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from demo.world.world import make_world, past_posts
from domain.classification import Material
from ml.classifier import BATCH, Classifier
from ml.models import open_models
from ml.shelf import Shelf

POSTS: Final = 512
RUNS: Final = 3
GOAL: Final = 100
LENGTHS: Final = {"a title": 60, "a tweet": 140, "more than is read": 2_000}
NOW: Final = 1_790_000_000.0


def main() -> None:
    models, problems = open_models(Shelf())
    for name, why in problems.items():
        print(f"{name} is missing: {why}")
    whole, control = Classifier(models), Classifier(replace(models, encoder=None))
    for kind, length in LENGTHS.items():
        posts = [Material(text=text) for text in _texts(length)]
        rate, of_control = _rate(whole, posts), _rate(control, posts)
        print(
            f"{kind:18} {rate:6.0f} posts/s of CPU (goal {GOAL}); "
            f"n-grams alone {of_control:6.0f}, {of_control / rate:.0f} times as many"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    print(f"{'memory at most':18} {peak:6.0f} MB (goal 500)")


def _texts(length: int) -> Sequence[str]:
    written = [
        " ".join([one.post.title or "", one.post.content, *one.post.tags])
        for one in past_posts(make_world(), NOW, POSTS)
    ]
    return [(text * (length // len(text) + 1))[:length] for text in written]


def _rate(classifier: Classifier, posts: Sequence[Material]) -> float:
    """Posts a second of this process's CPU time, the best of some runs."""
    best = float("inf")
    for _ in range(RUNS):
        started = time.process_time()
        for first in range(0, len(posts), BATCH):
            classifier.classify(posts[first : first + BATCH])
        best = min(best, time.process_time() - started)
    return len(posts) / best
