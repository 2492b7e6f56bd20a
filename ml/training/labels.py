"""Moderators' decisions as labeled texts: a gzipped CSV, written by one command, read by another.

A rejection is an example for the models that its reason names, or else for those that doubted the
post, and says nothing of the others; an approval is a counterexample for each of them, but for
NSFW where that score is high: sensitive posts are approved, too, and shown to who asks for them.
"""

import csv
import gzip
from collections.abc import AsyncIterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from domain.classification import REQUIRED, LastWord, Material
from domain.events import Decision
from domain.moderation import REVIEW_BAND, SafetyScores
from ml.training.data_sets import DataSet, Rows, UnreadableSet, read_table
from stores.postgres_labels import DecidedPost

COLUMNS: Final = ("post_id", "model", "label", "text")
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "spam": ("spam", "scam", "advert"),
    "toxicity": ("toxic", "abus", "hate", "harass", "threat", "insult"),
    "nsfw": ("nsfw", "sexual", "porn", "nudity"),
}
"""Beginnings of words in a moderator's reason that name what a model is to find."""
DECISIONS: Final = DataSet("decisions", "decisions", "label", "text", None)


def labels_of(last_word: LastWord) -> Mapping[str, int]:
    """Model to label, 1 for what the model is to find."""
    if last_word.decision is Decision.APPROVE:
        sensitive = (last_word.scores.nsfw or 0.0) >= REVIEW_BAND[0]
        return {name: 0 for name in REQUIRED if name != "nsfw" or not sensitive}
    if last_word.decision not in (Decision.REJECT, Decision.SHADOW_BAN):
        return {}
    reason = last_word.reason.lower()
    named = [name for name, words in WORDS.items() if any(word in reason for word in words)]
    return dict.fromkeys(named or _doubted(last_word.scores), 1)


def _doubted(scores: SafetyScores) -> list[str]:
    """The models whose scores brought the post before a person."""
    by_model = {"spam": scores.spam, "toxicity": scores.toxicity, "nsfw": scores.nsfw}
    return [
        name for name, score in by_model.items() if score is not None and score >= REVIEW_BAND[0]
    ]


async def write_labels(path: Path, posts: AsyncIterator[DecidedPost]) -> int:
    """How many labels there were; the file is there when all of it is."""
    partial = path.with_name(f"{path.name}.partial")
    written = 0
    with gzip.open(partial, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        async for post in posts:
            words = Material(post.title, post.text, post.hashtags).words
            for model, label in labels_of(post.last_word).items():
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
