"""Names of things: bare ids in events, opaque global ids at the API, integer keys in columns."""

import re
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

_IDENTIFIER = re.compile(r"[A-Za-z0-9:_.\-]{1,64}", re.ASCII)
_REGION = re.compile(r"[A-Z]{2}", re.ASCII)
_SLUG_BREAK = re.compile(r"[^a-z0-9]+")
MAX_HASHTAG_CHARS = 100
MAX_SLUG_CHARS = 100
MAX_GLOBAL_ID_CHARS = 1_024


class Kind(StrEnum):
    """What a global id names; the value is its prefix before encoding."""

    POST = "post"
    CREATOR = "creator"
    CATEGORY = "category"
    HASHTAG = "hashtag"
    MODERATION_CASE = "case"


class GlobalId(NamedTuple):
    kind: Kind
    value: str


def is_identifier(text: str) -> bool:
    """Whether a text is a bare id: 1 to 64 characters of ``[A-Za-z0-9:_.-]``."""
    return _IDENTIFIER.fullmatch(text) is not None


def is_region(text: str) -> bool:
    """Whether a text is a region code: two capital letters."""
    return _REGION.fullmatch(text) is not None


def normalize_hashtag(text: str) -> str:
    """Lower-cased NFKC without ``#`` and outer blanks; empty where nothing usable is left.

    A tag of several words is one tag, its words parted by single spaces.
    """
    folded = " ".join(unicodedata.normalize("NFKC", text).lstrip("# \t\n").lower().split())
    return folded if len(folded) <= MAX_HASHTAG_CHARS and folded.isprintable() else ""


def slugify(text: str) -> str:
    """A category's slug: ASCII lower case, digits and single hyphens; empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _SLUG_BREAK.sub("-", plain).strip("-")[:MAX_SLUG_CHARS]


def encode_global_id(kind: Kind, value: str) -> str:
    return urlsafe_b64encode(f"{kind}:{value}".encode()).rstrip(b"=").decode()


def decode_global_id(text: str) -> GlobalId | None:
    """The kind and bare id of a global id that ``encode_global_id`` gave out, else None."""
    if not text or len(text) > MAX_GLOBAL_ID_CHARS or not text.isascii():
        return None
    try:
        prefix, _, value = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(":")
        kind = Kind(prefix)
    except (Base64Error, ValueError):
        return None
    # What does not encode to itself has loose trailing bits or foreign characters.
    if not value or encode_global_id(kind, value) != text:
        return None
    if kind in (Kind.POST, Kind.CREATOR, Kind.MODERATION_CASE) and not is_identifier(value):
        return None
    return GlobalId(kind, value)


def stable_key(identifier: str) -> int:
    """A signed 64-bit key of an id, the same in every process (BLAKE2b)."""
    digest = blake2b(identifier.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
