"""Words marked in a piece of their text."""

from stores.marked_words import marked


def test_a_short_text_is_shown_whole() -> None:
    assert marked("Tea & Toast, tea", {"tea"}) == (
        "<mark>Tea</mark> &amp; Toast, <mark>tea</mark>",
    )


def test_nothing_is_shown_of_a_text_without_the_words() -> None:
    assert marked("Tea & Toast", {"coffee"}) == ()


def test_a_long_text_is_cut_between_words() -> None:
    text = f"{'before ' * 40}tea, tea {'behind ' * 40}tea"
    (fragment,) = marked(text, {"tea"})
    assert fragment == (f"{'before ' * 8}<mark>tea</mark>, <mark>tea</mark>{' behind' * 7}")


def test_a_word_longer_than_a_piece_is_shown_whole() -> None:
    word = "x" * 300
    assert marked(f"{'y' * 300} {word} {'z' * 300}", {word}) == (f"<mark>{word}</mark>",)
