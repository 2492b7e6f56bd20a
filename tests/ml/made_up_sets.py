"""Small labeled sets with an evident difference, in the layout of the data folder."""

import csv
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

GOOD = ("see you at the lake", "dinner is at six", "the meeting moved to monday", "i like trains")
BAD = (
    "claim your free prize now",
    "win cash now call",
    "free entry win a prize",
    "cash prize call",
)
TOPICS = {"birds": "owl nest wing", "cars": "engine wheel road", "none_of": "tea spoon cup"}


class LetterEncoder:
    """How often each letter occurs: an encoder for tests that needs no weights."""

    version = "letters/1"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [[text.count(chr(letter)) for letter in range(97, 123)] for text in texts]
        return np.array(rows, np.float32).reshape(-1, 26)


def write_table(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_spam(folder: Path, name: str = "spam_sms") -> None:
    for part, numbers in (("train", range(30)), ("test", range(30, 40))):
        rows = [
            {"id": number, "label": label, "text": f"{text} {number}"}
            for number in numbers
            for label, texts in ((0, GOOD), (1, BAD))
            for text in texts
        ]
        write_table(folder / f"safety/{name}.{part}.csv.gz", rows)


def write_judged(folder: Path, file: str, text: str, label: str = "label") -> None:
    """A set of two classes with other columns than those of spam."""
    for part, numbers in (("train", range(30)), ("test", range(30, 40))):
        rows = [
            {"id": number, label: positive, text: f"{words} {number}"}
            for number in numbers
            for positive, texts in ((0, GOOD), (1, BAD))
            for words in texts
        ]
        write_table(folder / f"safety/{file}.{part}.csv.gz", rows)


def write_all(folder: Path) -> None:
    """What all text models of posts learn from."""
    write_spam(folder)
    write_judged(folder, "toxicity_davidson", "text")
    write_judged(folder, "nsfw_reddit", "title", "nsfw")
    write_judged(folder, "clickbait", "text")
    write_topics(folder)


def write_topics(folder: Path) -> None:
    for part, numbers in (("train", range(20)), ("test", range(20, 24))):
        rows = [
            {"id": number, "category": topic, "subreddit": "x", "title": f"{word} of {number}"}
            for number in numbers
            for topic, words in TOPICS.items()
            for word in words.split()
        ]
        write_table(folder / f"topics/reddit.{part}.csv.gz", rows)


def write_accounts(folder: Path) -> None:
    for part, numbers in (("train", range(40)), ("test", range(40, 60))):
        rows = [
            {
                "id": number,
                "fake": number % 2,
                "userFollowerCount": 5 + number % 3 if number % 2 else 300 + number,
                "userFollowingCount": 4_000 if number % 2 else 250,
                "userMediaCount": 1 if number % 2 else 40,
                "userBiographyLength": 0 if number % 2 else 60,
                "userHasProfilPic": 1 - number % 2,
                "userIsPrivate": 0,
                "usernameDigitCount": 6 if number % 2 else 0,
                "usernameLength": 12,
            }
            for number in numbers
        ]
        write_table(folder / f"safety/fake_accounts.{part}.csv.gz", rows)
