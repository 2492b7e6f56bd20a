import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.ngrams import BUCKETS, hash_ngrams


def row(text: str) -> dict[int, float]:
    rows = hash_ngrams([text])
    return dict(zip(rows.buckets.tolist(), rows.values.tolist(), strict=True))


def test_words_pairs_and_pieces_are_each_of_length_one() -> None:
    entries = row("ab cd")
    words = [value for bucket, value in entries.items() if bucket < BUCKETS // 2]
    pieces = [value for bucket, value in entries.items() if bucket >= BUCKETS // 2]
    assert len(words) == 3  # ab, cd, ab cd
    assert len(pieces) == 6 + 5 + 4 + 3  # of " ab cd "
    assert sum(value**2 for value in words) == pytest.approx(1.0)
    assert sum(value**2 for value in pieces) == pytest.approx(1.0)


def test_hashes_stay_the_same_for_ever() -> None:
    """Artifacts depend on them: whoever changes this makes all models refuse to load."""
    assert hash_ngrams(["spam me"]).buckets[:3].tolist() == [10585, 58701, 118336]


def test_an_empty_text_is_a_row_too() -> None:
    rows = hash_ngrams(["", "a", ""])
    assert len(rows) == 3
    assert rows.lengths.tolist()[0] == rows.lengths.tolist()[2] == 1
    assert len(hash_ngrams([])) == 0


@given(st.lists(st.text(max_size=30), max_size=6))
def test_a_text_is_hashed_alike_alone_and_among_others(texts: list[str]) -> None:
    rows = hash_ngrams(texts)
    for number, text in enumerate(texts):
        part = slice(rows.starts[number], rows.starts[number + 1])
        alone = hash_ngrams([text])
        np.testing.assert_array_equal(rows.buckets[part], alone.buckets)
        np.testing.assert_array_equal(rows.values[part], alone.values)


def test_sums_over_merged_buckets() -> None:
    rows = hash_ngrams(["one two", "three"])
    weights = np.ones((1, 1))
    assert rows.sums(weights)[0, 0] == pytest.approx(float(rows.values[: rows.starts[1]].sum()))
    assert rows.merged(BUCKETS) is rows
    assert rows.merged(4).buckets.max() < 4


def test_selected_rows_are_those_rows() -> None:
    rows = hash_ngrams(["one", "two words", "three"])
    some = rows.selected(np.array([True, False, True]))
    assert len(some) == 2
    np.testing.assert_array_equal(some.buckets[some.starts[1] :], hash_ngrams(["three"]).buckets)
