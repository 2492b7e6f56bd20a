"""Names that people gave, made uniform, and names made of slugs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.categories import readable_name
from domain.identifiers import normalize_hashtag


@pytest.mark.parametrize(
    ("text", "hashtag"),
    [
        ("#Python", "python"),
        (" ##Machine  Learning ", "machine learning"),
        ("hindi\u00a0song", "hindi song"),
        ("ＡＢＣ", "abc"),
        ("two\nlines", "two lines"),
        ("# ", ""),
        ("zero\u200bwidth", ""),
        ("a" * 101, ""),
    ],
)
def test_a_hashtag_keeps_its_words(text: str, hashtag: str) -> None:
    assert normalize_hashtag(text) == hashtag


@given(st.text(max_size=30))
def test_a_normal_hashtag_is_its_own_normal_form(text: str) -> None:
    once = normalize_hashtag(text)
    assert normalize_hashtag(once) == once


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("music", "Music"),
        ("machine-learning", "Machine Learning"),
        ("arts-and-crafts", "Arts and Crafts"),
        ("the-arts", "The Arts"),
        ("ai-ml", "AI & ML"),
        ("movies-tv", "Movies TV"),
    ],
)
def test_a_category_known_by_its_slug_alone_reads_well(slug: str, name: str) -> None:
    assert readable_name(slug) == name
