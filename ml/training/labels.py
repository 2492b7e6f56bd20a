"""Moderators' decisions as labeled texts: a gzipped CSV, written by one command, read by another.

A rejection for a reason is an example of that reason's model and says nothing of the others; an
approval is a counterexample for each of them.
"""

import csv
import gzip
from collections.abc import AsyncIterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from domain.classification import REQUIRED, Material
from domain.events import Decision
from ml.training.data_sets import DataSet, Rows, UnreadableSet, read_table
from stores.postgres_labels import DecidedPost

COLUMNS: Final = ("post_id", "model", "label", "text")
MODEL_OF: Final[Mapping[str, str]] = {"SPAM": "spam", "NSFW": "nsfw", "TOXICITY": "toxicity"}
DECISIONS: Final = DataSet("decisions", "decisions", "label", "text", None)


def labels_of(decision: Decision | None, reason: str | None) -> Mapping[str, int]:
    """Model to label, 1 for what the model is to find."""
    if decision is Decision.APPROVE:
        return dict.fromkeys(REQUIRED, 0)
    if decision in (Decision.REJECT, Decision.SHADOW_BAN) and reason in MODEL_OF:
        return {MODEL_OF[reason]: 1}
    return {}


async def write_labels(path: Path, posts: AsyncIterator[DecidedPost]) -> int:
    """How many labels there were; the file is there when all of it is."""
    partial = path.with_name(f"{path.name}.partial")
    written = 0
    with gzip.open(partial, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        async for post in posts:
            words = Material(post.title, post.text, post.hashtags).words
            for model, label in labels_of(post.decision, post.reason).items():
                writer.writerow((post.post_id, model, label, words))
                written += 1
    partial.replace(path)
    return written


def read_labels(path: Path, model: str) -> Rows:
    """The labels for one model; raises ``UnreadableSet`` or ``OSError``."""
    table = read_table(path)
    if table and set(COLUMNS) - set(table[0]):
        raise UnreadableSet(f"{path}: columns other than {', '.join(COLUMNS)}")
    own: Sequence[Mapping[str, str]] = [row for row in table if row["model"] == model]
    return Rows(
        DECISIONS,
        [row["text"] or "" for row in own],
        [row["label"] or "" for row in own],
        sha256(path.read_bytes()).hexdigest(),
    )
