from ml.minilm.wordpiece import WordPiece

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
PIECES = [*SPECIAL, "play", "##ing", "the", "n", "un", "##able", "日", ",", "##s", "s", "'"]


def tokens(text: str, most: int = 64) -> list[str]:
    tokenizer = WordPiece(PIECES, max_tokens=most)
    return [PIECES[number] for number in tokenizer.encode(text)]


def test_the_longest_piece_first() -> None:
    assert tokens("Playing, unable") == ["[CLS]", "play", "##ing", ",", "un", "##able", "[SEP]"]
    assert tokens("play's") == ["[CLS]", "play", "'", "s", "[SEP]"]
    assert tokens("日play日") == ["[CLS]", "日", "play", "日", "[SEP]"]


def test_accents_go_and_unknown_words_are_one_piece() -> None:
    assert tokens("ThÉ Ñ") == ["[CLS]", "the", "n", "[SEP]"]
    assert tokens("playz \U0001f600") == ["[CLS]", "[UNK]", "[UNK]", "[SEP]"]
    assert tokens("s" * 101) == ["[CLS]", "[UNK]", "[SEP]"]
    assert tokens("un\0\ufffdab\u200ble\u00a0the") == ["[CLS]", "un", "##able", "the", "[SEP]"]


def test_texts_are_cut_and_special_tokens_are_text() -> None:
    assert tokens("the " * 500, most=5) == ["[CLS]", "the", "the", "the", "[SEP]"]
    assert tokens("") == ["[CLS]", "[SEP]"]
    assert "[SEP]" not in tokens("[SEP]")[1:-1]


def test_the_vocabulary_of_minilm() -> None:
    tokenizer = WordPiece.of_minilm(max_tokens=64)
    assert tokenizer.encode("Hello, world!") == [101, 7592, 1010, 2088, 999, 102]
