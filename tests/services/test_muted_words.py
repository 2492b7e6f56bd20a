"""Muted words: whole words, whatever their case and form; anywhere where nobody puts blanks."""

import pytest

from domain.moderation import ReviewStatus, SafetyScores
from domain.posts import PostRecord
from services.muted_words import is_muted

HIDES = (
    ("straße", "Die STRASSE ist gesperrt"),
    ("Straße", "die straße"),
    ("猫", "黒猫が好き"),
    ("แมว", "ฉันรักแมวดำ"),
    ("café", "a cafe\u0301 by the river"),
    ("new york", "New   York\nat night"),
    ("ＰＹＴＨＯＮ", "python"),
    ("c++", "why C++?"),
    ("crypto", "#crypto"),
)
KEEPS = (("cat", "catalog"), ("art", "start here"), ("art", "party"), ("c", "abc"))


def post(text: str, title: str | None = None, hashtags: tuple[str, ...] = ()) -> PostRecord:
    return PostRecord(
        id="p",
        revision=1,
        author_id="ann",
        title=title,
        text=text,
        url=None,
        language=None,
        region=None,
        created_at=5.0,
        categories=(),
        hashtags=hashtags,
        media=(),
        status=ReviewStatus.AUTO_APPROVED,
        scores=SafetyScores(),
    )


@pytest.mark.parametrize(("word", "text"), HIDES)
def test_what_a_word_hides(word: str, text: str) -> None:
    assert is_muted(post(text), (word.casefold(),))
    assert is_muted(post("x", title=text), ("other", word))


@pytest.mark.parametrize(("word", "text"), KEEPS)
def test_what_a_word_does_not_hide(word: str, text: str) -> None:
    assert not is_muted(post(text), (word,))


def test_hashtags_are_looked_at_too() -> None:
    record = post("x", hashtags=("crypto", "猫カフェ"))
    assert is_muted(record, ("crypto",))
    assert is_muted(record, ("猫",))
    assert not is_muted(record, ())
