"""Which posts contain a word that the viewer muted."""

import re
from functools import lru_cache
from typing import Final

import numpy as np

from domain.posts import PostRecord
from domain.ranking.candidates import Codes, Mask
from services.post_table import PostTable

LONGEST_TEXT: Final = 10_000  # characters looked at


@lru_cache(maxsize=1_024)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words or phrases, in any case of letters."""
    choices = "|".join(re.escape(word) for word in words)
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)


def is_muted(record: PostRecord, words: tuple[str, ...]) -> bool:
    if not words:
        return False
    parts = (record.title or "", record.text[:LONGEST_TEXT], *record.hashtags)
    return _pattern(words).search("\n".join(parts)) is not None


def muted_rows(table: PostTable, rows: Codes, words: tuple[str, ...]) -> Mask | None:
    """[n], whether each row contains one; None where nothing is muted."""
    if not words or not len(table):
        return None
    found = [is_muted(table.record(row), words) for row in rows.tolist()]
    return np.array(found, dtype=np.bool_)
