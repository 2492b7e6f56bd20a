"""BERT's uncased WordPiece in plain Python: text to token ids.

The steps of the original tokenizer (Devlin et al. 2018): clean, split CJK, lower and strip
accents, split punctuation, then the longest matching piece first. Special tokens in a text are
text, which is what untrusted posts need.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Final

MAX_WORD_CHARS: Final = 100
WORDS_HELD: Final = 50_000
CHARACTERS_HELD: Final = 10_000
_CJK: Final = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class WordPiece:
    """Holds a bounded cache of words; safe to share between threads."""

    def __init__(self, vocabulary: Iterable[str], *, max_tokens: int) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._max_pieces = max_tokens - 2
        self._first, self._last = self._ids["[CLS]"], self._ids["[SEP]"]
        self._unknown = (self._ids["[UNK]"],)
        self._longest = max(map(len, self._ids))
        self._pieces = lru_cache(maxsize=WORDS_HELD)(self._split_word)

    @classmethod
    def of_minilm(cls, *, max_tokens: int) -> "WordPiece":
        """With the vocabulary of all-MiniLM-L6-v2 (30,522 pieces), which is package data."""
        lines = files("ml.minilm").joinpath("vocabulary.txt").read_text(encoding="utf-8")
        return cls(lines.split("\n")[:-1], max_tokens=max_tokens)

    def encode(self, text: str) -> list[int]:
        """Token ids between [CLS] and [SEP], at most ``max_tokens`` of them."""
        ids: list[int] = []
        for word in _words(text):
            ids += self._pieces(word)
            if len(ids) >= self._max_pieces:
                break
        return [self._first, *ids[: self._max_pieces], self._last]

    def _split_word(self, word: str) -> tuple[int, ...]:
        if len(word) > MAX_WORD_CHARS:
            return self._unknown
        ids: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(min(len(word), start + self._longest), start, -1):
                number = self._ids.get(prefix + word[start:end])
                if number is not None:
                    ids.append(number)
                    start = end
                    break
            else:
                return self._unknown
        return tuple(ids)


def _words(text: str) -> Iterator[str]:
    plain = "".join(map(_clean, text))
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFD", plain)
        plain = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    for word in "".join(map(str.lower, plain)).split():
        start = 0
        for at, char in enumerate(word):
            if _is_punctuation(char):
                if start < at:
                    yield word[start:at]
                yield char
                start = at + 1
        if start < len(word):
            yield word[start:]


@lru_cache(maxsize=CHARACTERS_HELD)
def _clean(char: str) -> str:
    """Nothing for a control character, a space for white space, spaces around CJK."""
    if char in "\t\n\r ":
        return " "
    category = unicodedata.category(char)
    if char == "\ufffd" or category.startswith("C"):
        return ""
    if category == "Zs":
        return " "
    code = ord(char)
    return f" {char} " if any(first <= code <= last for first, last in _CJK) else char


@lru_cache(maxsize=CHARACTERS_HELD)
def _is_punctuation(char: str) -> bool:
    """All ASCII that is neither letter, digit nor space counts, ``$`` and ``^`` included."""
    if char.isascii():
        return not char.isalnum() and char.isprintable() and char != " "
    return unicodedata.category(char).startswith("P")
