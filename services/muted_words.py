"""Which posts contain a word that the viewer muted."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import numpy as np

from domain.posts import PostRecord
from domain.ranking.candidates import Codes, Mask
from services.post_table import PostTable

LONGEST_TEXT: Final = 10_000  # characters looked at
# Scripts that put no blanks between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
_RUN_ON: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)


@lru_cache(maxsize=1_024)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words or phrases; in writing without blanks a word may stand anywhere."""
    return re.compile("|".join(_bounded(_plain(word)) for word in words))


def _bounded(word: str) -> str:
    before = "" if _RUN_ON.match(word[:1]) else r"(?<!\w)"
    after = "" if _RUN_ON.match(word[-1:]) else r"(?!\w)"
    return f"{before}{re.escape(word)}{after}"


def _plain(text: str) -> str:
    """As both sides are compared: no case, one form of each letter, one blank between words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_muted(record: PostRecord, words: tuple[str, ...]) -> bool:
    if not words:
        return False
    parts = (record.title or "", record.text[:LONGEST_TEXT], *record.hashtags)
    return any(_pattern(words).search(_plain(part)) is not None for part in parts)


def muted_rows(table: PostTable, rows: Codes, words: tuple[str, ...]) -> Mask | None:
    """[n], whether each row contains one; None where nothing is muted."""
    if not words or not len(table):
        return None
    found = [is_muted(table.record(row), words) for row in rows.tolist()]
    return np.array(found, dtype=np.bool_)
