"""A piece of a text with some of its words marked, for an engine that only says which they are."""

import re
from collections.abc import Collection
from html import escape
from typing import Final

AROUND: Final = 60  # characters shown before the first such word and behind it, some more or less
WORD: Final = re.compile(r"\w+")


def marked(text: str, words: Collection[str]) -> tuple[str, ...]:
    """One fragment around the first of ``words`` (lower case), all in it marked; none without."""
    found = [match.span() for match in WORD.finditer(text) if match[0].lower() in words]
    if not found:
        return ()
    first, last = found[0]
    start = text.find(" ", first - AROUND, first) + 1 if first > AROUND else 0
    stop = text.rfind(" ", last, last + AROUND) if last + AROUND < len(text) else len(text)
    parts: list[str] = []
    for word_start, word_stop in found:
        if word_stop <= max(stop, last):
            parts.append(escape(text[start:word_start]))
            parts.append(f"<mark>{escape(text[word_start:word_stop])}</mark>")
            start = word_stop
    return ("".join((*parts, escape(text[start : max(stop, start)]))),)
