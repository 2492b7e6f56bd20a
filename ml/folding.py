"""One spelling for what people write in many: the text as n-gram models read it.

Compatibility forms, letter case, accents, zero-width characters and look-alike letters are folded;
digits and signs that stand for letters inside a word are read as letters (``pr0n``, ``$hit``),
and letters spelled apart (``f-r-e-e``) are put together. Other scripts and emoji pass unchanged.
"""

import re
import unicodedata
from typing import Final

MAX_CHARS: Final = 4_000
HEAD_CHARS: Final = 3_000
# Letters of other alphabets drawn like Latin ones (a part of Unicode TR 39's table).
_LOOK_ALIKES: Final = str.maketrans(
    "аеорсухкмтвніїјѕԁԛԝαεορτυνικ",
    "aeopcyxkmtbhiijsdqwaeoptuvik",
)
_LEET: Final = str.maketrans("013457@$!|", "oieastasii")
_MARK: Final = re.compile("[\u0300-\u036f]+")
_SPACE_LIKE: Final = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_MIXED_WORD: Final = re.compile(r"(?:[a-z]+[^\W\d_a-z]|[^\W\d_a-z]+[a-z])[^\W\d_]*")
# Between letters, before at least two letters at a word's start, or a dollar sign at its end.
_DISGUISED: Final = re.compile(
    r"(?<=[a-z])[013457@$!|]+(?=[a-z])|(?<![\w@#$])[@$]+(?=[a-z]{2})|(?<=[a-z])\$+(?![\w$])"
)
_SPELLED_APART: Final = re.compile(r"(?<![^\W_])[a-z]([ .*_-])[a-z](?:\1[a-z])+(?![^\W_])")
_DIGIT: Final = re.compile("[0-9]")
_STRETCHED: Final = re.compile(r"(.)\1{3,}", re.DOTALL)


def bounded(text: str) -> str:
    """At most ``MAX_CHARS`` characters: the beginning and the end, so that a tail counts too."""
    if len(text) <= MAX_CHARS:
        return text
    return f"{text[:HEAD_CHARS]} {text[HEAD_CHARS + 1 - MAX_CHARS :]}"


def fold(text: str) -> str:
    """The bounded text in its plain spelling, at most ``MAX_CHARS`` characters, single spaces."""
    plain = unicodedata.normalize("NFKC", bounded(text))[:MAX_CHARS]
    if not plain.isprintable():
        plain = "".join(map(_printable, plain))
    plain = plain.lower()
    if not plain.isascii():
        unmarked = _MARK.sub("", unicodedata.normalize("NFD", plain))
        plain = unicodedata.normalize("NFC", unmarked)
        plain = _MIXED_WORD.sub(lambda word: word[0].translate(_LOOK_ALIKES), plain)
    plain = _STRETCHED.sub(r"\1\1\1", " ".join(plain.split()))
    plain = _SPELLED_APART.sub(lambda run: run[0].replace(run[1], ""), plain)
    return _DISGUISED.sub(lambda run: run[0].translate(_LEET), plain)


def number_shapes(folded: str) -> str:
    """Its words with digits, each digit as 0: numbers never seen before look like those seen."""
    return " ".join(_DIGIT.sub("0", word) for word in folded.split() if _DIGIT.search(word))


def _printable(char: str) -> str:
    """A space for what breaks lines, nothing for control and format characters."""
    if char in _SPACE_LIKE:
        return " "
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char
