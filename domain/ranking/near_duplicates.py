"""Posts that say the same thing: reposted texts and links fall into one cluster."""

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final
from urllib.parse import urlsplit

from domain.posts import PostRecord

FEWEST_WORDS: Final = 4  # of a text that can be told from others
MOST_CHARS: Final = 1_000  # of a text that are looked at
# Links, mentions and all but letters and digits change from copy to copy.
_NOISE: Final = re.compile(r"https?://\S+|@\S+|[^\w\s]|_")
_BITS: Final = 52  # exact in a double


def fingerprints(record: PostRecord) -> Sequence[int]:
    """Numbers below 2**52 that near-duplicates share at least one of; none for short texts."""
    told = f"{record.title or ''} {record.text}"[:MOST_CHARS]
    words = _NOISE.sub(" ", told).casefold().split()
    found = [_hashed("text " + " ".join(words))] if len(words) >= FEWEST_WORDS else []
    link = _link(record.url) if record.url else ""
    return [*found, _hashed("link " + link)] if link else found


class Clusters:
    """Numbers for posts: the same for those that share a fingerprint with one met before."""

    def __init__(self) -> None:
        self._of: dict[int, float] = {}

    def assign(self, record: PostRecord) -> float:
        """The post's cluster, NaN where it has no fingerprint."""
        marks = fingerprints(record)
        known = (self._of[mark] for mark in marks if mark in self._of)
        cluster = next(known, float(marks[0]) if marks else float("nan"))
        for mark in marks:
            self._of.setdefault(mark, cluster)
        return cluster


def _link(url: str) -> str:
    """A link without what differs between copies of it: scheme, ``www.``, tracking, fragment."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    kept = [part for part in parts.query.split("&") if part and not part.startswith("utm_")]
    return f"{host}{parts.path.rstrip('/')}?{'&'.join(sorted(kept))}" if host else ""


def _hashed(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - _BITS)
