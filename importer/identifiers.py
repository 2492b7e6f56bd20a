"""Ids as events carry them, made from whatever the files have."""

import re
from hashlib import sha256

from domain.identifiers import is_identifier

_SOURCE = re.compile(r"([A-Za-z0-9]{1,16}):", re.ASCII)


def source_of(raw: str) -> str:
    """The source that an id names before its first colon; empty where it names none."""
    found = _SOURCE.match(raw)
    return found.group(1) if found else ""


def usable_id(raw: str) -> str:
    """The id itself where it keeps the rule, else `<source>:x.` and 16 digits of its SHA-256."""
    if is_identifier(raw):
        return raw
    digest = sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{source_of(raw) or 'import'}:x.{digest}"


def plain_name(raw: str) -> str:
    """What an id says without its source: the name of somebody of whom no other is known."""
    source = source_of(raw)
    return (raw[len(source) + 1 :] if source else raw).strip() or raw


def handle_of(identifier: str, taken: set[str]) -> str:
    """A handle from a usable id, different from all `taken` even without regard to case."""
    handle = identifier.replace(":", ".")
    if handle.lower() in taken:
        handle = f"{handle}.{sha256(identifier.encode()).hexdigest()[:6]}"
    taken.add(handle.lower())
    return handle
