import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.folding import HEAD_CHARS, MAX_CHARS, bounded, fold, number_shapes


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ""),
        ("  Two\t\n words ", "two words"),
        ("ＦＵＬＬ ﬁne", "full fine"),
        ("Déjà-vu", "deja-vu"),
        ("z\u0337\u0321a\u0335lgo", "zalgo"),
        ("fr\u200bee mo\u00adney\u202e", "free money"),
        ("a\0b\x07c", "abc"),
        ("pоrn", "porn"),  # a Cyrillic o
        ("привет", "привет"),
        ("नमस्ते 世界", "नमस्ते 世界"),
        ("sh1t pr0n b!tch", "shit pron bitch"),
        ("$hit @ss a$$", "shit ass ass"),
        ("win $100 at 4pm, mp3", "win $100 at 4pm, mp3"),
        ("f-r-e-e v.i.a.g.r.a", "free viagra"),
        ("I am a b", "i am a b"),
        ("soooooo goooood!!!!!", "sooo gooood!!!"[:4] + " goood!!!"),
        ("\U0001f600\u200d\U0001f525", "\U0001f600\U0001f525"),
    ],
)
def test_one_spelling(written: str, read: str) -> None:
    assert fold(written) == read


def test_long_texts_keep_their_beginning_and_their_end() -> None:
    text = "a" * 1_000_000 + "tail"
    assert len(bounded(text)) == MAX_CHARS
    assert bounded(text).endswith("tail")
    assert bounded("b" * MAX_CHARS) == "b" * MAX_CHARS
    assert bounded("x" * HEAD_CHARS + "y" * 2_000)[HEAD_CHARS] == " "


def test_forms_that_grow_stay_bounded() -> None:
    assert len(fold("\ufdfa" * MAX_CHARS)) <= MAX_CHARS


@given(st.text(max_size=200))
def test_folding_never_fails_and_leaves_nothing_invisible(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert not any(unicodedata.category(char) in ("Cc", "Cf") for char in folded)


def test_numbers_have_shapes() -> None:
    assert number_shapes("call 0800-555 now 4u") == "0000-000 0u"
    assert number_shapes("no numbers") == ""
